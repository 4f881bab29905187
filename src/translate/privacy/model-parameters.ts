import { isRecord } from '../../json/is-record.ts';
import { readMembers } from '../../json/object-of.ts';
import { wordList } from './word-list.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Settings whose values say nothing about the content, by their snake-case names, over all providers. A setting that is
 * not listed (stop sequences, schemas, user ids, prompt variables, whatever comes next) counts as content.
 */
const NUMBERS_AND_FLAGS: ReadonlySet<string> = new Set(
  wordList(`
    temperature top_p top_k top_a min_p typical_p tfs_z seed n best_of frequency_penalty
    presence_penalty repetition_penalty repeat_penalty length_penalty max_tokens
    max_completion_tokens max_output_tokens max_tokens_to_sample max_new_tokens min_tokens
    max_length num_predict num_ctx num_beams mirostat mirostat_eta mirostat_tau candidate_count
    choice_count response_count dimensions thinking_budget include_thoughts budget_tokens
    enabled stream streaming include_usage store background logprobs top_logprobs
    parallel_tool_calls disable_parallel_tool_use max_tool_calls max_steps max_retries timeout
    use_cache safe_prompt strict echo do_sample return_full_text speed duration sample_rate
    context_length
  `),
);

/** Settings with a provider's own vocabulary. */
const WORDS: ReadonlySet<string> = new Set(
  wordList(`
    reasoning_effort effort thinking_level thinking_type summary verbosity truncation
    output_type response_format response_mime_type modalities response_modalities type format
    encoding_format encoding_formats service_tier requested_service_tier model tool_choice mode quality size style
    voice aspect_ratio language api_type api_version
  `),
);

/** Settings that are groups of others. */
const GROUPS: ReadonlySet<string> = new Set(
  wordList(`
    reasoning thinking thinking_config text audio image stream_options response_format
    tool_choice format
  `),
);

/** A word of a provider's vocabulary (`high`, `json_schema`, `1024x1024`); prose has spaces. */
const WORD = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,47}$/;

/** Some instrumentations write numbers and flags as text. */
const NUMBER_OR_FLAG = /^(?:-?\d{1,15}(?:\.\d{1,15})?|true|false|True|False)$/;

/** Settings nest once or twice (`thinking: {type, budget_tokens}`). */
const MAX_NESTING = 2;

/**
 * The settings of a call without what may be content: numbers, booleans and single words of well-known settings.
 * @returns `undefined` when nothing is left
 */
export function knownSettings(parameters: unknown): JsonObject | undefined {
  return isRecord(parameters) ? settingsIn(parameters, 0) : undefined;
}

/** Whether a text is the value of a well-known setting, so that no mask needs to see it. */
export function isKnownSetting(key: string | undefined, text: string): boolean {
  return key !== undefined && isSettingText(snakeCase(key), text);
}

function settingsIn(parameters: JsonObject, nesting: number): JsonObject | undefined {
  return readMembers(parameters, (value, name) => settingOf(snakeCase(name), value, nesting));
}

function settingOf(name: string, value: unknown, nesting: number): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') {
    return NUMBERS_AND_FLAGS.has(name) || WORDS.has(name) || GROUPS.has(name) ? value : undefined;
  }
  if (typeof value === 'string') return isSettingText(name, value) ? value : undefined;
  if (Array.isArray(value)) return value.every((word) => isSettingText(name, word)) ? value : undefined;
  return isRecord(value) && GROUPS.has(name) && nesting < MAX_NESTING
    ? settingsIn(value, nesting + 1)
    : undefined;
}

function isSettingText(name: string, text: unknown): boolean {
  if (typeof text !== 'string') return false;
  return (WORDS.has(name) && WORD.test(text)) || (NUMBERS_AND_FLAGS.has(name) && NUMBER_OR_FLAG.test(text));
}

function snakeCase(name: string): string {
  return name
    .slice(0, 60)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[.\- ]/g, '_')
    .toLowerCase();
}
