/**
 * Characters of a field that a regular expression looks at. With the bounds below, the worst pattern takes some ten
 * milliseconds: a backtracking engine needs about n³ steps for two open repetitions, doubled by each optional part.
 */
export const MAX_REGEX_INPUT_CHARACTERS = 128;

const MAX_PATTERN_CHARACTERS = 200;

/** Repetitions without a small bound: `*`, `+`, `{n,}`, `{n,m}`. */
const MAX_REPETITIONS = 2;

/** Optional parts; each can double the work. */
const MAX_OPTIONALS = 4;

/**
 * Why a pattern is not taken, in words; `undefined` when it is. A pattern that backtracks without end would hold the
 * application's event loop, so only kinds that cannot are taken.
 */
export function regexFlaw(pattern: string): string | undefined {
  if (pattern.length > MAX_PATTERN_CHARACTERS) {
    return `has a pattern of more than ${MAX_PATTERN_CHARACTERS} characters`;
  }
  try {
    new RegExp(pattern, 'u');
  } catch {
    return 'has a pattern that is no regular expression';
  }
  // Escaped characters and character classes stand for one character; what is left is structure.
  if (/\\(?:[1-9]|k<)/.test(pattern.replaceAll('\\\\', ''))) return 'has a pattern with a backreference';
  const structure = pattern.replace(/\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\./gsu, 'x').replace(/\[[^\]]*\]/gsu, 'x');
  if (/\(\?<?[=!]/.test(structure)) return 'has a pattern with a look-ahead or look-behind';
  const counts = { repetitions: 0, optionals: 0 };
  for (const [mark] of structure.matchAll(/(?<!\()\?|[*+]|\{\d+(?:,\d*)?\}/g)) {
    if (mark === '?') counts.optionals += 1;
    else counts.repetitions += 1;
  }
  if (/\)(?:[*+]|\{)/.test(structure)) return 'has a pattern that repeats a group';
  if (counts.repetitions > MAX_REPETITIONS)
    return `has a pattern with more than ${MAX_REPETITIONS} repetitions`;
  if (counts.optionals > MAX_OPTIONALS + counts.repetitions) {
    return `has a pattern with more than ${MAX_OPTIONALS} optional parts`;
  }
  return undefined;
}
