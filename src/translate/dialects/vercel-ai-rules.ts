import { type CallKind, isModelCall } from '../call/llm-call.ts';
import type { Message } from '../call/messages.ts';
import type { Reporting } from '../call/usage.ts';
import { readMessages } from '../messages/read-messages.ts';
import { isPlaceholder } from '../messages/recorded-json.ts';
import type { SpanView } from '../span/span-view.ts';
import type { AttributeEntries, KindContext, KindCorrection, ReadContext } from './dialect.ts';
import { toText } from './shared/values.ts';

const OPERATION_KINDS: Readonly<Record<string, CallKind>> = {
  'ai.generateText': 'agent',
  'ai.streamText': 'agent',
  'ai.generateObject': 'agent',
  'ai.streamObject': 'agent',
  'ai.embed': 'span',
  'ai.embedMany': 'span',
  'ai.rerank': 'reranker',
  'ai.toolCall': 'tool',
  'ai.generateSpeech': 'generation',
  'ai.transcribe': 'generation',
  'ai.streamTranscribe': 'generation',
};

/** Only the inner `.do…` spans are model calls; the roots repeat the last step's usage (4, 5) or the sum (6, 7). */
export function kindOfOperationId(operationId: unknown): CallKind | undefined {
  if (typeof operationId !== 'string' || !operationId.startsWith('ai.')) return undefined;
  if (operationId.endsWith('.doGenerate') || operationId.endsWith('.doStream')) return 'generation';
  if (operationId.endsWith('.doEmbed')) return 'embedding';
  if (operationId.endsWith('.doRerank')) return 'reranker';
  return OPERATION_KINDS[operationId] ?? 'span';
}

export function correctVercelAiKind(context: KindContext): KindCorrection | undefined {
  const { attributes } = context.span;
  const own = kindOfOperationId(attributes['ai.operationId']);
  if (own !== undefined && context.kind !== undefined && isModelCall(own) !== isModelCall(context.kind)) {
    return { kind: own, because: 'ai.operationId tells calls from wrappers, whatever other conventions add' };
  }
  const operation = attributes['gen_ai.operation.name'];
  if (operation === 'embeddings' && isOuterEmbedding(context.span)) {
    return {
      kind: 'span',
      because: 'the outer of the two embeddings spans of AI SDK 7 has an inner one per call',
    };
  }
  const isOtherModel = isOtherOperation(operation) || isOtherOperation(attributes['ai.operationId']);
  if (isOtherModel && context.get('inputTokens') === undefined && context.get('outputTokens') === undefined) {
    return {
      kind: 'span',
      because: 'a model that makes or hears speech is a call where it has usage',
    };
  }
  if (operation === 'decide' && context.get('inputTokens') !== undefined) {
    return {
      kind: 'generation',
      because: 'only the inner decide span of AI SDK 7 has usage, and it is a model call',
    };
  }
  return undefined;
}

/** Operations of models that answer with sound or a transcript of it. */
const OTHER_MODELS: ReadonlySet<string> = new Set([
  'speech',
  'transcription',
  'ai.generateSpeech',
  'ai.transcribe',
  'ai.streamTranscribe',
]);

function isOtherOperation(name: unknown): boolean {
  return typeof name === 'string' && OTHER_MODELS.has(name);
}

/** Outer and inner share name and operation. Only the outer embeds one `ai.value`, and only it can be a root. */
function isOuterEmbedding({ attributes, scope, parentSpanId }: SpanView): boolean {
  return attributes['ai.value'] !== undefined || (scope.name === 'gen_ai' && parentSpanId === undefined);
}

/** Until version 5, the SDK handed on what Anthropic's API and Bedrock count: input without cache. */
export function vercelCacheReporting({ span }: KindContext): Reporting {
  return isFromVersion6(span) || !/anthropic|bedrock/.test(providerOf(span)) ? 'inclusive' : 'exclusive';
}

/** Until version 5, output of Google's models is without thinking, as in Google's API. */
export function vercelReasoningReporting({ span }: KindContext): Reporting {
  const isGoogle = /^google(?!.*anthropic)/.test(providerOf(span));
  return isGoogle && !isFromVersion6(span) ? 'exclusive' : 'inclusive';
}

function providerOf({ attributes }: SpanView): string {
  return (toText(attributes['ai.model.provider']) ?? toText(attributes['gen_ai.system']) ?? '').toLowerCase();
}

/** Token details exist since version 6; the user agent (not on streams) names the version. */
function isFromVersion6({ attributes, scope }: SpanView): boolean {
  if (scope.name === 'gen_ai') return true;
  const version = /^ai\/(\d+)/.exec(toText(attributes['ai.request.headers.user-agent']) ?? '')?.[1];
  if (version !== undefined) return Number(version) >= 6;
  return (
    attributes['ai.usage.inputTokenDetails.noCacheTokens'] !== undefined ||
    attributes['ai.usage.inputTokenDetails.cacheReadTokens'] !== undefined ||
    attributes['gen_ai.operation.name'] !== undefined
  );
}

/** The answer's text, object, reasoning, tool calls and files stand in attributes of their own: one message. */
export function readVercelAnswer(
  _entries: AttributeEntries,
  context: ReadContext,
): readonly Message[] | undefined {
  const { attributes } = context.span;
  const [text, object] = [attributes['ai.response.text'], attributes['ai.response.object']];
  const answer = {
    text: typeof text === 'string' && text !== '' ? text : typeof object === 'string' ? object : '',
    reasoning: context.json('ai.response.reasoning'),
    toolCalls: context.json('ai.response.toolCalls'),
    files: context.json('ai.response.files'),
  };
  if (Object.values(answer).every(isPlaceholder)) return undefined;
  return readMessages({ ...answer, finishReason: attributes['ai.response.finishReason'] }, 'assistant');
}
