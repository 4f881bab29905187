import type { Usage } from '../../call/usage.ts';
import { at, isRecord } from '../../messages/recorded-json.ts';
import { toCount, toModelName, toText, toTier } from './values.ts';

type Json = Record<string, unknown>;

/** What a provider's raw answer says about itself, beside its content. */
export interface AnswerFacts
  extends Pick<
    Usage,
    | 'inputTokens'
    | 'outputTokens'
    | 'totalTokens'
    | 'cacheReadTokens'
    | 'cacheWriteTokens'
    | 'cacheWrite5mTokens'
    | 'cacheWrite1hTokens'
    | 'reasoningTokens'
  > {
  readonly id?: string;
  readonly model?: string;
  readonly finishReason?: string;
  readonly serviceTier?: string;
  readonly webSearchCount?: number;
  /** OpenRouter's `usage.cost`, in credits, which are US dollars. */
  readonly costUsd?: number;
}

/**
 * Reads OpenAI (Chat, Responses, completions), Anthropic, Bedrock, Gemini and LangChain answers, alone or as the first
 * of a list.
 * @param value structured; anything that is no answer gives no facts
 */
export function readAnswerFacts(value: unknown): AnswerFacts {
  if (typeof value !== 'object' || value === null) return {};
  const known = remembered.get(value);
  if (known !== undefined) return known;
  const facts = factsOf(value);
  remembered.set(value, facts);
  return facts;
}

/** By what was read. What it buys: an answer is asked for a dozen facts, one by one. */
const remembered = new WeakMap<object, AnswerFacts>();

function factsOf(value: object): AnswerFacts {
  const body = bodyOf(value);
  if (!body) return {};
  const metadata = isRecord(body.response_metadata) ? body.response_metadata : body;
  const usage = firstRecord(
    body.usage,
    body.usage_metadata,
    body.usageMetadata,
    at(body, ['meta', 'usage']),
    at(body, ['meta', 'billed_units']),
  );
  const count = (...paths: readonly string[]) => usage && firstCount(usage, paths);
  return {
    id: responseId(body),
    model: firstOf(toModelName, [metadata.model, metadata.model_name, metadata.modelVersion]),
    finishReason: finishReasonOf(body),
    inputTokens: count('prompt_tokens', 'input_tokens', 'inputTokens', 'promptTokenCount'),
    outputTokens: count('completion_tokens', 'output_tokens', 'outputTokens', 'candidatesTokenCount'),
    totalTokens: count('total_tokens', 'totalTokens', 'totalTokenCount'),
    cacheReadTokens: count(
      'prompt_tokens_details/cached_tokens',
      'input_tokens_details/cached_tokens',
      'input_token_details/cache_read',
      'cache_read_input_tokens',
      'cacheReadInputTokens',
      'cacheReadInputTokenCount',
      'cachedContentTokenCount',
    ),
    cacheWriteTokens: count(
      'input_token_details/cache_creation',
      'cache_creation_input_tokens',
      'cacheWriteInputTokens',
      'cacheWriteInputTokenCount',
    ),
    cacheWrite5mTokens: count('cache_creation/ephemeral_5m_input_tokens'),
    cacheWrite1hTokens: count('cache_creation/ephemeral_1h_input_tokens'),
    reasoningTokens: count(
      'completion_tokens_details/reasoning_tokens',
      'output_tokens_details/reasoning_tokens',
      'output_token_details/reasoning',
      'thoughtsTokenCount',
    ),
    serviceTier: toTier(body.service_tier ?? usage?.service_tier),
    webSearchCount: count('server_tool_use/web_search_requests', 'server_side_tool_usage/web_search_calls'),
    costUsd: count('cost'),
  };
}

/** The answer itself: the first of several, or the message inside LangChain's result. */
function bodyOf(value: unknown): Json | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  if (!isRecord(first)) return undefined;
  if (!Array.isArray(first.generations)) return first;
  const generation: unknown = first.generations.flat()[0];
  const message = at(generation, ['message']);
  if (!isRecord(message)) return undefined;
  return isRecord(message.kwargs) ? message.kwargs : message;
}

/** Ids that LangChain makes up (`run-…`, `lc_run--…`) identify its run, not the provider's answer. */
function responseId(body: Json): string | undefined {
  const id = toText(body.id) ?? toText(body.responseId);
  return id === undefined || /^(?:run-|lc_run)/.test(id) ? undefined : id;
}

/** OpenAI's Responses end with a status instead of a finish reason. */
function finishReasonOf(body: Json): string | undefined {
  const metadata = isRecord(body.response_metadata) ? body.response_metadata : body;
  const choice: unknown = Array.isArray(body.choices) ? body.choices[0] : undefined;
  return firstOf(toText, [
    at(choice, ['finish_reason']),
    metadata.finish_reason,
    metadata.stop_reason,
    metadata.stopReason,
    at(body, ['incomplete_details', 'reason']),
    body.object === 'response' ? body.status : undefined,
  ]);
}

function firstCount(usage: Json, paths: readonly string[]): number | undefined {
  for (const path of paths) {
    const count = toCount(path.includes('/') ? at(usage, path.split('/')) : at(usage, [path]));
    if (count !== undefined) return count;
  }
  return undefined;
}

function firstOf<T>(read: (value: unknown) => T | undefined, values: readonly unknown[]): T | undefined {
  for (const value of values) {
    const found = read(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstRecord(...values: readonly unknown[]): Json | undefined {
  return values.find((value) => isRecord(value)) as Json | undefined;
}
