/**
 * Words for providers that PostHog's price list knows, where they differ from OpenTelemetry's registry, which `LlmCall`
 * uses. PostHog compares after turning `.` and `_` into `-` and knows some aliases; any other word finds only the
 * default price of a model (`provider-matching.ts` of its cost pipeline).
 */
const PRICE_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'azure.ai.openai': 'azure',
    'azure.ai.inference': 'azure',
    'aws.bedrock': 'aws-bedrock',
    'gcp.gemini': 'gemini',
    'gcp.vertex_ai': 'vertex-ai',
    mistral_ai: 'mistral-ai',
    moonshot_ai: 'moonshotai',
    x_ai: 'x-ai',
  }),
);

/** The provider as PostHog prices by it; words that it takes as they are, and unknown ones, stay. */
export function priceWord(provider: string | undefined): string | undefined {
  return provider === undefined ? undefined : (PRICE_WORDS.get(provider) ?? provider);
}
