type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Settings whose values say nothing about the content, by their snake-case names, over all providers. A setting that is
 * not listed (stop sequences, schemas, user ids, prompt variables, whatever comes next) counts as content.
 */
const KNOWN_SETTINGS: ReadonlySet<string> = new Set([
  ...['temperature', 'top_p', 'top_k', 'top_a', 'min_p', 'typical_p', 'tfs_z', 'seed', 'n', 'best_of'],
  ...['frequency_penalty', 'presence_penalty', 'repetition_penalty', 'repeat_penalty', 'length_penalty'],
  ...['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'max_tokens_to_sample', 'max_new_tokens'],
  ...[
    'min_tokens',
    'max_length',
    'num_predict',
    'num_ctx',
    'num_beams',
    'mirostat',
    'mirostat_eta',
    'mirostat_tau',
  ],
  ...['candidate_count', 'choice_count', 'dimensions', 'encoding_format', 'encoding_formats', 'truncation'],
  ...[
    'reasoning_effort',
    'reasoning',
    'effort',
    'thinking',
    'thinking_config',
    'thinking_level',
    'thinking_budget',
  ],
  ...[
    'include_thoughts',
    'budget_tokens',
    'summary',
    'enabled',
    'verbosity',
    'text',
    'output_type',
    'response_format',
  ],
  ...['response_mime_type', 'modalities', 'response_modalities', 'type', 'format', 'service_tier', 'model'],
  ...[
    'stream',
    'streaming',
    'stream_options',
    'include_usage',
    'store',
    'background',
    'logprobs',
    'top_logprobs',
  ],
  ...[
    'parallel_tool_calls',
    'tool_choice',
    'mode',
    'disable_parallel_tool_use',
    'max_tool_calls',
    'max_steps',
  ],
  ...[
    'max_retries',
    'timeout',
    'use_cache',
    'safe_prompt',
    'strict',
    'echo',
    'do_sample',
    'return_full_text',
  ],
  ...[
    'quality',
    'size',
    'style',
    'voice',
    'speed',
    'audio',
    'image',
    'background_color',
    'aspect_ratio',
    'duration',
  ],
  ...['language', 'sample_rate', 'response_count', 'context_length', 'api_type', 'api_version'],
]);

/** A word of a provider's vocabulary (`high`, `json_schema`, `1024x1024`); prose has spaces. */
const WORD = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,47}$/;

/** Settings nest once or twice (`thinking: {type, budget_tokens}`). */
const MAX_NESTING = 2;

/**
 * The settings of a call without what may be content: numbers, booleans and single words of well-known settings.
 * @returns `undefined` when nothing is left
 */
export function knownSettings(parameters: unknown): JsonObject | undefined {
  return isRecord(parameters) ? settingsIn(parameters, 0) : undefined;
}

/** Whether a value says nothing beyond a well-known setting, so that no mask needs to see it. */
export function isKnownSetting(key: string | undefined, text: string): boolean {
  return key !== undefined && KNOWN_SETTINGS.has(snakeCase(key)) && WORD.test(text);
}

function settingsIn(parameters: JsonObject, nesting: number): JsonObject | undefined {
  const kept = Object.entries(parameters).flatMap(([key, value]) => {
    const setting = KNOWN_SETTINGS.has(snakeCase(key)) ? settingOf(value, nesting) : undefined;
    return setting === undefined ? [] : [[key, setting] as const];
  });
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

function settingOf(value: unknown, nesting: number): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return WORD.test(value) ? value : undefined;
  if (Array.isArray(value))
    return value.every((word) => typeof word === 'string' && WORD.test(word)) ? value : undefined;
  return isRecord(value) && nesting < MAX_NESTING ? settingsIn(value, nesting + 1) : undefined;
}

function snakeCase(name: string): string {
  return name
    .slice(0, 60)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[.\- ]/g, '_')
    .toLowerCase();
}

function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
