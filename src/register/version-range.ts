/**
 * Whether a version is in a range, for the ranges that instrumentations give: `*`, `^1.2.3`, `>=4 <7`, `5.x`, joined by
 * `||`. A form that is not understood holds nothing: then the library is left alone.
 */
export function isInRange(version: string, range: string): boolean {
  return range.split('||').some((part) =>
    part
      .trim()
      .split(/\s+/)
      .every((comparator) => holds(numbersOf(version), comparator)),
  );
}

type Numbers = readonly [major: number, minor: number, patch: number];

function holds(version: Numbers, comparator: string): boolean {
  if (comparator === '' || comparator === '*') return true;
  const [, operator = '', rest = ''] = /^(\^|~|>=|<=|>|<|=)?v?(\d[\w.-]*)$/.exec(comparator) ?? [];
  if (rest === '') return false;
  const bound = numbersOf(rest);
  const difference = compare(version, bound);
  switch (operator) {
    case '>=':
      return difference >= 0;
    case '>':
      return difference > 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '^':
      return difference >= 0 && version[0] === bound[0] && (bound[0] > 0 || version[1] === bound[1]);
    case '~':
      return difference >= 0 && version[0] === bound[0] && version[1] === bound[1];
    default: {
      const given = rest.split('.').filter((part) => /^\d+$/.test(part)).length;
      return bound.slice(0, given).every((number, index) => number === version[index]);
    }
  }
}

function numbersOf(version: string): Numbers {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  return [major, minor, patch];
}

function compare(a: Numbers, b: Numbers): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
