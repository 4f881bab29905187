import { objectOf } from '../../json/object-of.ts';
import { keySet } from './object-members.ts';
import type { JsonObject } from './recogniser.ts';
import { isPlaceholder } from './recorded-json.ts';

/** Any of these makes a body the request of a provider's API: what stands beside its turns are parameters. */
const MARKS_OF_REQUEST = keySet('model modelId model_id modelName anthropic_version deployment');

/** Members of requests and of frameworks' states that are no content, or are read as something else. */
const KNOWN = keySet(`
  messages system instructions systemInstruction system_instruction preamble systemPrompt
  tools tool_choice toolChoice toolConfig tool_config functions function_call activeTools parallel_tool_calls
  temperature top_p topP top_k topK max_tokens maxTokens max_completion_tokens max_output_tokens maxOutputTokens n seed
  stop stop_sequences stopSequences frequency_penalty frequencyPenalty presence_penalty presencePenalty logprobs
  top_logprobs logit_bias stream stream_options streamOptions response_format responseFormat format output
  outputSchema output_schema schema schemaName schemaDescription mode thinking reasoning reasoning_effort store user
  metadata service_tier modalities audio prediction cache_control context_management mcp_servers betas verbosity
  generation_config generationConfig sampling_params samplingParams model_kwargs modelKwargs model_settings modelSettings
  parameters params safety_settings safetySettings
  inferenceConfig additionalModelRequestFields guardrailConfig performanceConfig requestMetadata
  config configurable callbacks kwargs run_manager options settings maxRetries max_retries maxSteps timeout
  headers extra_headers extra_body extra_query providerOptions provider_options experimental_telemetry abortSignal
  api_key apiKey api_base base_url client custom_llm_provider drop_params allowed_openai_params
  type id role name finish_reason usage version schema_version
  is_last_step remaining_steps llm_input_messages structured_response jump_to thread_id session_id user_id tag tags
  choices candidates object created
  trace run_id runId agent_name
`);

/** Members that are taken at most. */
const MAX_MEMBERS = 32;

/**
 * What an application's own structure holds beside the turns of a conversation.
 * @returns the members that no provider's request has, `undefined` when there are none
 */
export function otherMembers(source: JsonObject): JsonObject | undefined {
  const others: Array<readonly [key: string, value: unknown]> = [];
  for (const key of Object.keys(source)) {
    if (MARKS_OF_REQUEST.has(key)) return undefined;
    const value = source[key];
    const isKnown =
      KNOWN.has(key) || key === '__proto__' || typeof value === 'boolean' || isPlaceholder(value);
    if (!isKnown && others.length < MAX_MEMBERS) others.push([key, value]);
  }
  return objectOf(others);
}
