/** What sort of content a value is; a mask gets it. */
export const CONTENT_KINDS = [
  'input',
  'output',
  'input_state',
  'output_state',
  'embedding',
  'tools',
  'parameters',
  'error',
  'evaluation',
  'feedback',
  'span_name',
  'headers',
  'url',
] as const;

export type ContentKind = (typeof CONTENT_KINDS)[number];

/** What happens to a property, by mode. Words in `TREATMENT_WORDS` explain each to readers. */
export const TREATMENT_WORDS = {
  sent: 'sent',
  filtered: 'sent, after `media`, `redact` and `mask`',
  removed: 'removed',
  'text removed': 'removed, unless it is a number or a boolean',
  'names only': 'tool types and names only',
  'single word': 'sent if it is a single word, else removed',
  'known settings': 'numbers, booleans and single words of well-known settings; the rest is removed',
  'name not quoting':
    'sent, unless it quotes the content or is a sentence; then replaced by what sort of span it is',
  'name not a phrase':
    'sent, unless it is a sentence or three of its words stand together in the content; then removed',
  'without spaces': 'sent if it is written like an id (no spaces, ASCII), else removed',
  'url without credentials': 'sent without user name, password, tokens and signatures',
  'url without query': 'sent without user name, password, query and fragment',
} as const;

export type Treatment = keyof typeof TREATMENT_WORDS;

/** Event properties that can carry content and share one rule. */
export interface ContentRow {
  /**
   * Property names. A `*` at the end takes any ending, one at the beginning any beginning. Names that do not begin
   * with `$` are also found behind the metadata prefix and, when they contain a dot or a colon, behind any prefix.
   */
  readonly names: readonly string[];
  readonly kind: ContentKind;
  readonly byDefault: Treatment;
  readonly inPrivacyMode: Treatment;
  /** What the properties hold, for documentation. */
  readonly holds: string;
}
