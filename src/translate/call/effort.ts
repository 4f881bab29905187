import { isRecord } from '../../json/is-record.ts';

type Parameters = Readonly<Record<string, unknown>>;

/** Where a request states how hard the model is to think, from the outside in: OpenAI, Anthropic, Gemini. */
const PLACES: readonly (readonly string[])[] = [
  ['reasoning_effort'],
  ['reasoningEffort'],
  ['effort'],
  ['reasoning', 'effort'],
  ['output_config', 'effort'],
  ['thinking_level'],
  ['thinkingLevel'],
  ['thinking_config', 'thinking_level'],
  ['thinkingConfig', 'thinkingLevel'],
];

/** Longest word of a provider's vocabulary (`minimal`, `low`, `medium`, `high`, `xhigh`, `max`). */
const MAX_CHARACTERS = 20;

/** The reasoning effort that was asked for, in lower case. */
export function effortIn(parameters: Parameters | undefined): string | undefined {
  if (!parameters) return undefined;
  for (const place of PLACES) {
    let value: unknown = parameters;
    for (const name of place) value = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    if (typeof value === 'string' && /^[A-Za-z_-]+$/.test(value) && value.length <= MAX_CHARACTERS) {
      return value.toLowerCase();
    }
  }
  return undefined;
}
