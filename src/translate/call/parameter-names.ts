/** Providers' names of common settings, folded to those that PostHog reads from `$ai_model_parameters`. */
const FOLDED: Readonly<Record<string, string>> = {
  max_output_tokens: 'max_tokens',
  max_new_tokens: 'max_tokens',
  max_gen_len: 'max_tokens',
  max_tokens_to_sample: 'max_tokens',
  maxTokens: 'max_tokens',
  maxOutputTokens: 'max_tokens',
  maxTokenCount: 'max_tokens',
  topP: 'top_p',
  topK: 'top_k',
  stopSequences: 'stop_sequences',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  // PostHog takes `service_tier` for the tier that served the call.
  service_tier: 'requested_service_tier',
  serviceTier: 'requested_service_tier',
};

type Parameters = Readonly<Record<string, unknown>>;

/** The parameters under common names; a name that is there already wins, and unknown names stay. */
export function foldParameterNames(parameters: Parameters | undefined): Parameters | undefined {
  if (!parameters || !Object.keys(parameters).some((name) => Object.hasOwn(FOLDED, name))) return parameters;
  const folded = new Map<string, unknown>();
  for (const [name, value] of Object.entries(parameters)) {
    const common = Object.hasOwn(FOLDED, name) ? (FOLDED[name] ?? name) : name;
    const isTaken = Object.hasOwn(parameters, common) || folded.has(common);
    if (common === name || !isTaken) folded.set(common, value);
  }
  // `fromEntries` defines own members, so a key such as `__proto__` stays harmless.
  return Object.fromEntries(folded);
}
