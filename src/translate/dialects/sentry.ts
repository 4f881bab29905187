import type { CallKind } from '../call/llm-call.ts';
import type { Dialect, KindContext, KindCorrection, ReadContext } from './dialect.ts';
import { sentryAnswer } from './sentry-answer.ts';
import { messages, toolList } from './shared/message-sources.ts';
import { kindOfOperation } from './shared/operation-kind.ts';
import { hasSignOfAi, SIGNS_OF_AI } from './shared/signs-of-ai.ts';
import { attribute, mixed, parameter, prefixed, structured } from './shared/sources.ts';
import {
  firstFinishReason,
  toBoolean,
  toContent,
  toCount,
  toModelName,
  toNumber,
  toText,
} from './shared/values.ts';

/**
 * Sentry's AI spans (SDK 10 and 11): OpenTelemetry's names, with the answer in parts and the operation in `sentry.op`;
 * before that, names of its own under `ai.`. AI SDK spans that Sentry renames keep the AI SDK's attributes.
 */
export const sentry: Dialect = {
  id: 'sentry',
  title: 'Sentry',
  detect: { attributes: ['sentry.op', 'sentry.origin'] },
  fields: {
    kind: [attribute('sentry.op', kindOfSentryOp)],

    requestModel: [attribute('ai.model_id', toModelName)],

    inputMessages: [messages('gen_ai.request.messages', 'user'), messages('ai.input_messages', 'user')],
    outputMessages: [
      mixed(prefixed('gen_ai.response.', sentryAnswer)),
      messages('ai.responses', 'assistant'),
    ],
    toolDefinitions: [toolList('gen_ai.request.available_tools')],
    inputState: [structured('gen_ai.tool.input', toContent), structured('langchain.chain.inputs', toContent)],
    outputState: [
      structured('gen_ai.tool.output', toContent),
      structured('langchain.chain.outputs', toContent),
    ],

    parameters: [
      parameter('gen_ai.request.dimensions', 'dimensions'),
      parameter('gen_ai.request.encoding_format', 'encoding_formats'),
    ],
    streaming: [attribute('gen_ai.response.streaming', toBoolean), attribute('ai.streaming', toBoolean)],

    inputTokens: [attribute('ai.prompt_tokens.used', toCount)],
    outputTokens: [attribute('ai.completion_tokens.used', toCount)],
    totalTokens: [attribute('ai.total_tokens.used', toCount)],
    cacheReadTokens: [attribute('gen_ai.usage.input_tokens.cached', toCount)],
    cacheWriteTokens: [attribute('gen_ai.usage.input_tokens.cache_write', toCount)],
    reasoningTokens: [attribute('gen_ai.usage.output_tokens.reasoning', toCount)],

    // The names say tokens, the unit is US dollars.
    totalCostUsd: [attribute('gen_ai.cost.total_tokens', toNumber), attribute('ai.total_cost', toNumber)],
    inputCostUsd: [attribute('gen_ai.cost.input_tokens', toNumber)],
    outputCostUsd: [attribute('gen_ai.cost.output_tokens', toNumber)],

    finishReason: [attribute('gen_ai.response.stop_reason', firstFinishReason)],
    agentName: [attribute('gen_ai.pipeline.name', toText), attribute('gen_ai.function_id', toText)],
  },
  correctKind: (context) => notAi(context) ?? tokenCount(context),
  cacheReporting: () => 'inclusive',
  reasoningReporting: () => 'inclusive',
};

/** Ops of SDK 9 and before: `ai.chat_completions.create.langchain`, `ai.pipeline.generateText`, `ai.run.doGenerate`. */
const OLD_KINDS: readonly (readonly [op: RegExp, kind: CallKind])[] = [
  [/^ai\.(?:chat_completions|completions|responses)\b/, 'generation'],
  [/^ai\.embeddings\b/, 'embedding'],
  [/^ai\.run\.do(?:Generate|Stream)$/, 'generation'],
  [/^ai\.tool/, 'tool'],
  [/^ai\.pipeline\b/, 'workflow'],
];

function kindOfSentryOp(value: unknown, { span }: ReadContext): CallKind | undefined {
  const op = toText(value);
  if (op === undefined) return undefined;
  // Every LangChain runnable is an `invoke_agent` to Sentry.
  if ('langchain.chain.name' in span.attributes) return 'chain';
  if (op.startsWith('gen_ai.')) return kindOfOperation(op.slice('gen_ai.'.length));
  return OLD_KINDS.find(([pattern]) => pattern.test(op))?.[1];
}

/** Sentry marks its HTTP, database and server spans in the same way. */
function notAi(context: KindContext): KindCorrection | undefined {
  const op = toText(context.span.attributes['sentry.op']);
  if (op?.startsWith('gen_ai.') || hasSignOfAi(context, SIGNS_OF_AI.modelOrContent)) return undefined;
  return { kind: 'ignore', because: 'the operation that Sentry recorded is no AI operation' };
}

/** Sentry calls Anthropic's `messages.countTokens` a chat as well; only real answers have an id and usage. */
function tokenCount(context: KindContext): KindCorrection | undefined {
  if (context.kind !== 'generation' || context.span.attributes['sentry.origin'] !== 'auto.ai.anthropic')
    return undefined;
  const answered = context.get('responseId') !== undefined || context.get('inputTokens') !== undefined;
  if (answered || context.span.status.code === 'error' || context.get('streaming') === true) return undefined;
  const text = context.span.attributes['gen_ai.response.text'];
  if (text !== undefined && !/^\d+$/.test(String(text))) return undefined;
  return {
    kind: 'span',
    because: 'a chat of Anthropic that succeeded without id and usage only counted tokens',
  };
}
