import { at } from '../messages/recorded-json.ts';
import type { AttributeMap } from '../span/span-view.ts';
import type { KindContext, KindCorrection, ReadContext } from './dialect.ts';
import type { Field } from './fields.ts';
import { isClaudeAgentSdk, spanKindOf } from './shared/openinference-readers.ts';
import { toText } from './shared/values.ts';

/** The bridge for OpenAI Agents writes the vendor on tools and chains as well. */
export function ofModelSpan(value: unknown, context: ReadContext): string | undefined {
  const kind = spanKindOf(context);
  const callsModel = kind === 'LLM' || kind === 'EMBEDDING' || kind === 'RERANKER';
  return callsModel || 'llm.model_name' in context.span.attributes ? toText(value) : undefined;
}

/** Graph nodes are agents only on agent spans; LangGraph's are steps. */
export function ofAgentSpan(value: unknown, context: ReadContext): string | undefined {
  return spanKindOf(context) === 'AGENT' ? toText(value) : undefined;
}

/** The agent that LangChain notes on all spans of its run; an agent's tool that is an agent has a name of its own. */
export function agentAround(value: unknown, context: ReadContext): string | undefined {
  const name = toText(value);
  return spanKindOf(context) === 'AGENT' && context.span.name !== name ? undefined : name;
}

/** The Claude Agent SDK calls models in another process: its agent span alone knows the usage and cost of a run. */
export function agentRun(context: KindContext): KindCorrection | undefined {
  if (context.kind !== 'agent' || !isClaudeAgentSdk(context.span)) return undefined;
  if (context.get('inputTokens') === undefined && context.get('totalCostUsd') === undefined) return undefined;
  return {
    kind: 'generation',
    because: 'the agent span of the Claude Agent SDK is the only one with its usage',
  };
}

/**
 * A method of a library's own (LlamaIndex's `OpenAI._prepare_chat_with_tools`), which is recorded as a model because its
 * class is one: nothing on it is left by a call.
 */
export function preparation(context: KindContext): KindCorrection | undefined {
  const { kind, span } = context;
  if (kind !== 'generation' || !/\._\w+$/.test(span.name) || span.status.code === 'error') return undefined;
  const isCall =
    LEFT_BY_CALL.some((field) => context.get(field) !== undefined) || hasMessages(span.attributes);
  return isCall ? undefined : { kind: 'step', because: 'it prepares a call of a model and makes none' };
}

const LEFT_BY_CALL = [
  'inputTokens',
  'outputTokens',
  'finishReason',
  'responseId',
  'errorType',
] as const satisfies readonly Field[];

function hasMessages(attributes: AttributeMap): boolean {
  for (const name in attributes) {
    if (name.startsWith('llm.input_messages.') || name.startsWith('llm.output_messages.')) return true;
  }
  return false;
}

/**
 * Anthropic's and Bedrock's own counts leave cached tokens out. The Python instrumentations add them; Bedrock's and the
 * Claude Agent SDK's in JavaScript do not. Anthropic's in JavaScript adds them since it writes cache attributes at all
 * (Arize-ai/openinference#3734); before, they stand in the raw answer alone.
 */
export function cacheReporting({ span }: KindContext): 'inclusive' | 'exclusive' | undefined {
  const { name } = span.scope;
  if (EXCLUSIVE_SCOPES.test(name)) return 'exclusive';
  if (name === '@arizeai/openinference-instrumentation-anthropic') {
    return CACHE_ATTRIBUTES.some((key) => key in span.attributes) ? 'inclusive' : 'exclusive';
  }
  return spanKindOf({ span }) === undefined ? undefined : 'inclusive';
}

const EXCLUSIVE_SCOPES = /^@arizeai\/openinference-instrumentation-(?:bedrock|claude-agent-sdk)$/;

const CACHE_ATTRIBUTES = [
  'llm.token_count.prompt_details.cache_read',
  'llm.token_count.prompt_details.cache_write',
] as const;

/** Gemini's own counts leave reasoning out of the output, and these instrumentations pass them on. */
export function reasoningReporting({ span }: KindContext): 'inclusive' | 'exclusive' | undefined {
  return /^openinference\.instrumentation\.(?:google_genai|vertexai)/.test(span.scope.name)
    ? 'exclusive'
    : undefined;
}

/** Bedrock's own name of the model, from the request, of which `llm.model_name` keeps the middle; an ARN hides it. */
export function wholeModelName(_request: unknown, context: ReadContext): string | undefined {
  const part = context.span.attributes['llm.model_name'];
  if (typeof part !== 'string') return undefined;
  const whole = toText(at(context.messagesJson('input.value'), ['modelId']));
  return whole?.includes(part) && !whole.startsWith('arn:') ? whole : undefined;
}
