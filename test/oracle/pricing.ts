/**
 * How PostHog prices an event, restated from its rules in units of price: what a prompt token costs is 1, everything
 * else is a multiple. Knows properties only, nothing of spans or of the code that made the event.
 */

export type Properties = Readonly<Record<string, unknown>>;

/** Rates that make every kind of token tell apart, so that a token billed as another kind shows. */
const RATE = {
  prompt: 1,
  completion: 4,
  cacheRead: 0.1,
  cacheWrite: 1.25,
  cacheWriteOneHour: 2,
  audioInput: 10,
  cachedAudio: 1,
  imageInput: 1.5,
  audioOutput: 20,
  imageOutput: 30,
  webSearch: 10_000,
};

export interface Bill {
  /** `undefined`: no property of that side was sent, so that PostHog shows no price. */
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly webSearches: number;
}

/** What is billed for a model call whose price PostHog looks up. */
export function bill(properties: Properties): Bill {
  return {
    input: inputPrice(properties),
    output: outputPrice(properties),
    webSearches: (count(properties, '$ai_web_search_count') ?? 0) * RATE.webSearch,
  };
}

function inputPrice(properties: Properties): number | undefined {
  const read = (name: string) => count(properties, name) ?? 0;
  const input = count(properties, '$ai_input_tokens');
  const cacheRead = read('$ai_cache_read_input_tokens');
  const fiveMinutes = count(properties, '$ai_cache_creation_5m_input_tokens');
  const oneHour = count(properties, '$ai_cache_creation_1h_input_tokens');
  const isSplit = isClaude(properties) && fiveMinutes !== undefined && oneHour !== undefined;
  const written = isSplit ? fiveMinutes + oneHour : read('$ai_cache_creation_input_tokens');
  if (input === undefined && cacheRead + written === 0) return undefined;

  const audio = read('$ai_audio_input_tokens');
  const image = read('$ai_image_input_tokens');
  const cachedAudio = Math.min(read('$ai_cache_read_audio_tokens'), audio, cacheRead);
  const cachedText = cacheRead - cachedAudio;
  const plain = isExclusive(properties, input ?? 0, cacheRead + written)
    ? (input ?? 0)
    : (input ?? 0) - cachedText - written;
  const text = audio + image > 0 ? Math.max(0, plain - audio - image) : plain;
  const writePrice = isSplit
    ? fiveMinutes * RATE.cacheWrite + oneHour * RATE.cacheWriteOneHour
    : written * RATE.cacheWrite;
  return round(
    text * RATE.prompt +
      cachedText * RATE.cacheRead +
      writePrice +
      (audio - cachedAudio) * RATE.audioInput +
      cachedAudio * RATE.cachedAudio +
      image * RATE.imageInput,
  );
}

function outputPrice(properties: Properties): number | undefined {
  const read = (name: string) => count(properties, name) ?? 0;
  const output = count(properties, '$ai_output_tokens');
  const ownText = count(properties, '$ai_text_output_tokens');
  const audio = read('$ai_audio_output_tokens');
  const image = read('$ai_image_output_tokens');
  if (output === undefined && ownText === undefined) return undefined;
  // The text count is taken in place of the output; audio and images are subsets of the latter.
  const text = ownText ?? (audio + image > 0 ? Math.max(0, (output ?? 0) - audio - image) : (output ?? 0));
  const reasoning = addsReasoning(properties) ? read('$ai_reasoning_tokens') : 0;
  return round((text + reasoning) * RATE.completion + audio * RATE.audioOutput + image * RATE.imageOutput);
}

/** The explicit flag always wins; without it Claude is exclusive, and any other model is guessed from its numbers. */
function isExclusive(properties: Properties, input: number, cached: number): boolean {
  const flag = properties['$ai_cache_reporting_exclusive'];
  if (typeof flag === 'boolean') return flag;
  return isClaude(properties) || input < cached;
}

function isClaude(properties: Properties): boolean {
  const model = text(properties, '$ai_model').toLowerCase();
  const provider = text(properties, '$ai_provider').toLowerCase();
  return provider === 'anthropic' || model.includes('anthropic') || model.startsWith('claude');
}

/** Gemini 2.5 and 3, by the name behind the last slash, from its start. */
function addsReasoning(properties: Properties): boolean {
  const name = text(properties, '$ai_model').toLowerCase().split('/').at(-1) ?? '';
  return /^gemini-2\.5-/.test(name) || /^gemini-3(?:\.\d+)?-/.test(name);
}

function count(properties: Properties, name: string): number | undefined {
  const value = properties[name];
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function text(properties: Properties, name: string): string {
  const value = properties[name];
  return typeof value === 'string' ? value : '';
}

function round(price: number): number {
  return Math.round(price * 1_000) / 1_000;
}

/** Words that PostHog's price list knows a provider by, with what they stand for; all others fall to the default price. */
const PRICE_LISTS: Readonly<Record<string, string>> = {
  azure: 'azure',
  'azure-openai': 'azure',
  'azure-ai': 'azure',
  google: 'google-ai-studio',
  gemini: 'google-ai-studio',
  vertex: 'google-vertex',
  'vertex-ai': 'google-vertex',
  'google-vertex': 'google-vertex',
  'aws-bedrock': 'amazon-bedrock',
  'amazon-bedrock': 'amazon-bedrock',
  'x-ai': 'xai',
  xai: 'xai',
  'mistral-ai': 'mistral',
  mistral: 'mistral',
  moonshotai: 'moonshotai',
  openai: 'openai',
  anthropic: 'anthropic',
  cohere: 'cohere',
  groq: 'groq',
  deepseek: 'deepseek',
  together: 'together',
  openrouter: 'openrouter',
  perplexity: 'perplexity',
  fireworks: 'fireworks',
};

/** The price list that a provider's word leads to, `default` when it leads to none. */
export function priceListOf(provider: unknown): string {
  if (typeof provider !== 'string') return 'default';
  return PRICE_LISTS[provider.toLowerCase().replaceAll(/[._]/g, '-')] ?? 'default';
}

/** Tiers with a price of their own; every other word is billed as the plain one. */
export function pricedTier(tier: unknown): string {
  const word = typeof tier === 'string' ? tier.toLowerCase() : '';
  return ['flex', 'priority', 'fast', 'batch'].includes(word) ? word : 'standard';
}
