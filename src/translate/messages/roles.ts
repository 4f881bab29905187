/** Words of providers for the standard roles. Any other word stays as it was written. */
const STANDARD_ROLES: ReadonlyMap<string, string> = new Map([
  ['system', 'system'],
  ['developer', 'developer'],
  ['user', 'user'],
  ['human', 'user'],
  ['assistant', 'assistant'],
  ['model', 'assistant'],
  ['ai', 'assistant'],
  ['bot', 'assistant'],
  ['chatbot', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
  // smolagents
  ['tool-call', 'assistant'],
  ['tool-response', 'tool'],
]);

/** Longest word in the table; longer ones need no look-up. */
const MAX_WORD_LENGTH = 13;

/** The standard role that a provider's word stands for, `undefined` for any other word. */
export function standardRole(word: unknown): string | undefined {
  if (typeof word !== 'string' || word.length > MAX_WORD_LENGTH) return undefined;
  return STANDARD_ROLES.get(word) ?? STANDARD_ROLES.get(word.toLowerCase());
}

/** Words that emitters write where they know no role, or for what is said instead of for who says it. */
const NOT_ROLES: ReadonlySet<string> = new Set([
  'unknown',
  'none',
  'null',
  'undefined',
  'thinking',
  'reasoning',
  'text',
]);

/** The role of a message: folded when the word is a provider's name for a standard role, else as written. */
export function readRole(word: unknown, defaultRole: string): string {
  if (typeof word !== 'string' || word === '') return defaultRole;
  return standardRole(word) ?? (NOT_ROLES.has(word.toLowerCase()) ? defaultRole : word);
}
