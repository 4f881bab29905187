import { isEmbeddingModel } from '../call/embedding-model.ts';
import type { CallKind } from '../call/llm-call.ts';
import { readMessages } from '../messages/read-messages.ts';
import type { SpanView } from '../span/span-view.ts';
import type { Dialect, KindContext, KindCorrection } from './dialect.ts';
import { audioTokens, cacheTokens, reasoningTokens, sideTokens, totalTokens } from './langfuse-usage.ts';
import { toTexts } from './shared/embeddings.ts';
import { messages, toolList, toolsBesideMessages } from './shared/message-sources.ts';
import {
  attribute,
  inside,
  metadataBelow,
  metadataIn,
  parameterBundle,
  prefixed,
  structured,
} from './shared/sources.ts';
import { statusInText } from './shared/status-in-text.ts';
import {
  oneOf,
  secondsAfterStart,
  toBoolean,
  toContent,
  toNumber,
  toText,
  toTextList,
  toVersion,
} from './shared/values.ts';

const INPUT = 'langfuse.observation.input';
const USAGE = 'langfuse.observation.usage_details';
const COST = 'langfuse.observation.cost_details';
const PARAMETERS = 'langfuse.observation.model.parameters';

const OBSERVATION_KINDS: Readonly<Record<string, CallKind>> = {
  generation: 'generation',
  embedding: 'embedding',
  span: 'span',
  event: 'span',
  agent: 'agent',
  tool: 'tool',
  chain: 'chain',
  retriever: 'retriever',
  evaluator: 'evaluator',
  guardrail: 'guardrail',
};

/** Content, and what integrations note there about request and span. */
const NOT_METADATA = [
  ...[
    'tools',
    'instructions',
    'reasoning',
    'response_format',
    'metadata',
    'finish_reason',
    'error',
    'tags',
    'ls_*',
  ],
  ...['spanType', 'operationName'],
];

/**
 * Langfuse's own SDKs (scope `langfuse-sdk`) and the attributes that others write for Langfuse's server. Its trace
 * attributes alone (user, name, environment) also reach HTTP spans, so they recognise nothing. Sources:
 * `@langfuse/tracing`, `@langfuse/openai`, `@langfuse/langchain` 5.11.
 */
export const langfuse: Dialect = {
  id: 'langfuse',
  title: 'Langfuse',
  detect: { scopes: ['langfuse-sdk'], prefixes: ['langfuse.observation.'] },
  correctKind,
  // The buckets are put together again below.
  cacheReporting: ({ span }) => (hasUsage(span) ? 'inclusive' : undefined),
  reasoningReporting: ({ span }) => (hasUsage(span) ? 'inclusive' : undefined),
  content: {
    input: ['langfuse.experiment.*', 'langfuse.trace.input'],
    output: ['langfuse.trace.output'],
    parameters: ['langfuse.observation.model.parameters'],
  },
  fields: {
    kind: [attribute('langfuse.observation.type', oneOf(OBSERVATION_KINDS))],

    responseModel: [attribute('langfuse.observation.model.name', toText)],
    requestModel: [attribute('langfuse.observation.model.name', toText)],
    provider: [attribute('langfuse.observation.metadata.ls_provider', toText)],

    inputMessages: [
      attribute(INPUT, (value, context) =>
        isEmbedding(context.span) ? undefined : readMessages(value, 'user', context.messagesJson(INPUT)),
      ),
    ],
    outputMessages: [messages('langfuse.observation.output', 'assistant')],
    toolDefinitions: [toolsBesideMessages(INPUT), toolList('langfuse.observation.metadata.tools')],
    embeddingInput: [
      structured(INPUT, (value, { span }) => (isEmbedding(span) ? toTexts(value) : undefined)),
    ],
    inputState: [structured(INPUT, toContent), structured('langfuse.trace.input', toContent)],
    outputState: [
      structured('langfuse.observation.output', toContent),
      structured('langfuse.trace.output', toContent),
    ],

    parameters: [parameterBundle(PARAMETERS)],
    streaming: [inside(PARAMETERS, 'stream', toBoolean)],

    inputTokens: usage((usage) => sideTokens(usage, 'input')),
    outputTokens: usage((usage) => sideTokens(usage, 'output')),
    totalTokens: usage(totalTokens),
    cacheReadTokens: usage((usage) => cacheTokens(usage, 'read')),
    cacheWriteTokens: usage((usage) => cacheTokens(usage, 'write')),
    reasoningTokens: usage(reasoningTokens),
    audioInputTokens: usage((usage) => audioTokens(usage, 'input')),
    audioOutputTokens: usage((usage) => audioTokens(usage, 'output')),

    finishReason: [structured('langfuse.observation.metadata.finish_reason', toText)],

    totalCostUsd: [inside(COST, 'total', toNumber), attribute(`${COST}.total`, toNumber)],
    inputCostUsd: [inside(COST, 'input', toNumber), attribute(`${COST}.input`, toNumber)],
    outputCostUsd: [inside(COST, 'output', toNumber), attribute(`${COST}.output`, toNumber)],

    timeToFirstTokenSeconds: [attribute('langfuse.observation.completion_start_time', secondsAfterStart)],
    isError: [attribute('langfuse.observation.level', (level) => (level === 'ERROR' ? true : undefined))],
    errorMessage: [attribute('langfuse.observation.status_message', toText)],
    httpStatus: [
      attribute('langfuse.observation.status_message', (message, { span }) =>
        span.attributes['langfuse.observation.level'] === 'ERROR' ? statusInText(message) : undefined,
      ),
    ],

    traceName: [attribute('langfuse.trace.name', toText)],
    user: [attribute('langfuse.user.id', toText)],
    sessionId: [attribute('langfuse.session.id', toText)],
    tags: [attribute('langfuse.trace.tags', toTextList)],
    metadata: [
      metadataBelow('langfuse.observation.metadata.', NOT_METADATA),
      metadataIn('langfuse.observation.metadata', NOT_METADATA),
      metadataBelow('langfuse.trace.metadata.', ['tags']),
      metadataIn('langfuse.trace.metadata', ['tags']),
      noted('langfuse.environment', 'environment'),
      noted('langfuse.release', 'release'),
      noted('langfuse.version', 'version'),
    ],
    promptName: [attribute('langfuse.observation.prompt.name', toText)],
    promptVersion: [attribute('langfuse.observation.prompt.version', toVersion)],
  },
};

function correctKind({ kind, span }: KindContext): KindCorrection | undefined {
  const { attributes } = span;
  if (
    kind === 'generation' &&
    attributes['langfuse.observation.type'] === 'generation' &&
    isEmbedding(span)
  ) {
    return { kind: 'embedding', because: "Langfuse's OpenAI wrapper calls every request a generation" };
  }
  if (kind === undefined && span.kind === 'internal' && attributes['langfuse.trace.input'] !== undefined) {
    return { kind: 'agent', because: 'it mirrors the input of its whole trace and names no operation' };
  }
  return undefined;
}

function isEmbedding({ name, attributes }: SpanView): boolean {
  if (attributes['langfuse.observation.type'] === 'embedding') return true;
  return (
    /\.embeddings?$/i.test(name) || isEmbeddingModel(toText(attributes['langfuse.observation.model.name']))
  );
}

/** Buckets in one value, or, as SDKs of other languages write them, in an attribute each. */
function usage(read: (usage: unknown) => number | undefined) {
  return [structured(USAGE, read), prefixed(`${USAGE}.`, (entries) => read(Object.fromEntries(entries)))];
}

function hasUsage({ attributes }: SpanView): boolean {
  return USAGE in attributes || `${USAGE}.input` in attributes || `${USAGE}.output` in attributes;
}

function noted(key: string, name: string) {
  return attribute(key, (value) => {
    const text = toText(value);
    return text === undefined ? undefined : { [name]: text };
  });
}
