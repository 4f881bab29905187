import { type ConfigReport, reportFinding } from './config-report.ts';
import type { OptionTable } from './option-row.ts';

/** The option that a name was meant to be, with how sure that is; `undefined` for a name nothing like ours. */
export function meantOption(name: string, table: OptionTable): string | undefined {
  const wanted = normalise(name);
  const names = Object.entries(table);
  const bySpelling = names.find(([known]) => normalise(known) === wanted);
  const byLook = names.find(([, { lookAlikes }]) => lookAlikes?.some((like) => normalise(like) === wanted));
  const byTypingError = names.find(([known]) => isOneSlipApart(wanted, normalise(known)));
  return (bySpelling ?? byLook ?? byTypingError)?.[0];
}

/** As {@link meantOption}, of names that are no options. */
export function meantName(name: string, names: readonly string[]): string | undefined {
  const wanted = normalise(name);
  return (
    names.find((known) => normalise(known) === wanted) ??
    names.find((known) => isOneSlipApart(wanted, normalise(known)))
  );
}

/**
 * Reports names that no table has. A misspelled `privacyMode` must not pass as "no privacy"; a name nothing like ours
 * may belong to someone else.
 *
 * @param own options of the class that was made
 * @param other options of the class beside it, which have no effect here, if there is one
 */
export function checkOptionNames(
  options: object,
  own: OptionTable,
  other: { readonly table: OptionTable; readonly className: string } | undefined,
  report: ConfigReport,
): void {
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(own, name)) continue;
    const quoted = JSON.stringify(name);
    const meant = meantOption(name, own);
    if (other && Object.hasOwn(other.table, name)) {
      reportFinding(
        report,
        { name, source: 'option' },
        {
          code: 'option-misspelled',
          message: `${quoted} is an option of ${other.className}.`,
          fix: `Give it to ${other.className}, or leave it out.`,
        },
      );
    } else if (meant !== undefined) {
      reportFinding(
        report,
        { name, source: 'option' },
        { code: 'option-misspelled', message: `There is no option ${quoted}.`, fix: `Write "${meant}".` },
      );
    } else {
      report.warnings.push(`The option ${quoted} is unknown and has no effect.`);
    }
  }
}

function normalise(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}

/** Shorter names are too near to each other to be distinguished by one character. */
const MIN_LENGTH_OF_SLIP = 5;

/** One character too many, too few, wrong, or two in the wrong order. */
function isOneSlipApart(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < MIN_LENGTH_OF_SLIP || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const [restA, restB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const isSwapped = restA.length === 2 && restA === [...restB].reverse().join('');
  return isSwapped || (restA.length <= 1 && restB.length <= 1);
}
