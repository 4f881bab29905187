/**
 * Words that name nobody: PostHog's list of distinct ids that it refuses because they pool unrelated people (capture v1,
 * `constants.rs`), and what applications and emitters write when they know no user or session. Lower case.
 */
const NOBODY: ReadonlySet<string> = new Set([
  '0',
  '00000000-0000-0000-0000-000000000000',
  '[object object]',
  'anonymous',
  'anonymous-user',
  'backend',
  'distinct_id',
  'distinctid',
  'email',
  'false',
  'guest',
  'id',
  'nan',
  'none',
  'not_authenticated',
  'null',
  'system',
  'true',
  'undefined',
  'user',
  'unknown',
  'default',
  'n/a',
  'nil',
  'not set',
  'not_set',
]);

/** What scrubbers leave: `[Scrubbed due to 'session']` (Logfire), `[REDACTED]`, `<redacted>`, `***`. */
const MASKED =
  /^(?:[[<({]\s*(?:scrubbed|redacted|masked|filtered|hidden|removed)\b.*|__redacted__|redacted|\*+|•+)$/is;

/** Whether an id of a user or a session would join people who have nothing to do with each other. */
export function namesNobody(id: string): boolean {
  const word = id.trim();
  return word === '' || NOBODY.has(word.toLowerCase()) || MASKED.test(word);
}

/** Ids of single answers (OpenAI's, Anthropic's), which some emitters write where a conversation's belongs. */
const ANSWER_ID = /^(?:resp|chatcmpl|msg|cmpl|gen)[_-]/;

/** Whether an id can be that of a session: it stands for one, and for more than one answer. */
export function namesSession(id: string): boolean {
  return !namesNobody(id) && !ANSWER_ID.test(id.trim());
}
