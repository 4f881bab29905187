import type { CallKind } from '../call/llm-call.ts';
import { readSystemInstructions } from '../messages/read-system-instructions.ts';
import { isRecord } from '../messages/recorded-json.ts';
import type { Dialect, ReadContext } from './dialect.ts';
import { toTexts } from './shared/embeddings.ts';
import { messages } from './shared/message-sources.ts';
import {
  attribute,
  inside,
  metadataBelow,
  metadataIn,
  own,
  requestParameters,
  structured,
} from './shared/sources.ts';
import {
  millisecondsToSeconds,
  oneOf,
  secondsAfterStart,
  toContent,
  toCount,
  toNumber,
  toText,
  toTextList,
  toVersion,
} from './shared/values.ts';

const METRICS = 'langwatch.metrics';

const SPAN_TYPES: Readonly<Record<string, CallKind>> = {
  llm: 'generation',
  embedding: 'embedding',
  agent: 'agent',
  tool: 'tool',
  chain: 'chain',
  rag: 'retriever',
  guardrail: 'guardrail',
  evaluation: 'evaluator',
  workflow: 'workflow',
  task: 'task',
  component: 'step',
  module: 'step',
  prompt: 'prompt',
  span: 'span',
  server: 'span',
  client: 'span',
  producer: 'span',
  consumer: 'span',
  unknown: 'span',
};

const kindOfType = oneOf(SPAN_TYPES);

const NOT_METADATA = ['labels', 'customerId', 'customer_id'];

/**
 * LangWatch's SDKs. Values stand in an envelope `{type, value}`. Names with underscores are those of older
 * releases.
 * Sources: `langwatch/langwatch` (python-sdk, typescript-sdk, sdk-go).
 */
export const langwatch: Dialect = {
  id: 'langwatch',
  title: 'LangWatch',
  framework: 'langwatch',
  // User and thread also reach the spans of HTTP clients, so they recognise nothing.
  detect: {
    scopes: ['langwatch*'],
    attributes: [
      'langwatch.span.type',
      'langwatch.input',
      'langwatch.output',
      'langwatch.params',
      'langwatch.timestamps',
      'langwatch.instructions',
      'langwatch.rag.contexts',
      'langwatch.contexts',
      METRICS,
    ],
  },
  content: {
    input: ['langwatch.params', 'langwatch.rag.contexts'],
  },
  fields: {
    kind: [attribute('langwatch.span.type', kindOfType)],

    inputMessages: [messages('langwatch.input', 'user')],
    outputMessages: [messages('langwatch.output', 'assistant')],
    systemInstructions: [attribute('langwatch.instructions', readSystemInstructions)],
    embeddingInput: [
      structured('langwatch.input', (value, context) =>
        typeOf(context) === 'embedding' ? toTexts(contained(value)) : undefined,
      ),
    ],
    inputState: [structured('langwatch.input', contained)],
    outputState: [
      structured('langwatch.rag.contexts', ofRetriever),
      structured('langwatch.contexts', ofRetriever),
      structured('langwatch.output', contained),
    ],

    parameters: [requestParameters('langwatch.params'), requestParameters('langwatch.params', ['value'])],

    inputTokens: [metric(['promptTokens', 'prompt_tokens'], toCount)],
    outputTokens: [metric(['completionTokens', 'completion_tokens'], toCount)],
    reasoningTokens: [metric(['reasoningTokens', 'reasoning_tokens'], toCount)],
    totalCostUsd: [attribute('langwatch.span.cost', toNumber), metric(['cost'], toNumber)],

    timeToFirstTokenSeconds: [
      metric(['firstTokenMs', 'first_token_ms'], millisecondsToSeconds),
      inside('langwatch.timestamps', ['first_token_at', 'value/first_token_at'], secondsAfterStart),
    ],

    user: [
      attribute('langwatch.user.id', toText),
      attribute('langwatch.user_id', toText),
      own(attribute('user_id', toText)),
      own(inside('metadata', ['user_id', 'userId'], toText)),
    ],
    sessionId: [
      attribute('langwatch.thread.id', toText),
      attribute('langwatch.thread_id', toText),
      own(attribute('thread_id', toText)),
      own(inside('metadata', ['thread_id', 'threadId'], toText)),
    ],
    tags: [
      structured('langwatch.labels', toTextList),
      structured('langwatch.tags', toTextList),
      own(inside('metadata', 'labels', toTextList)),
    ],
    metadata: [
      attribute('langwatch.customer.id', customer),
      attribute('langwatch.customer_id', customer),
      metadataIn('langwatch.metadata', NOT_METADATA),
      metadataBelow('langwatch.metadata.', NOT_METADATA),
      own(metadataIn('metadata', NOT_METADATA)),
      own(metadataBelow('metadata.', NOT_METADATA)),
    ],
    promptName: [attribute('langwatch.prompt.handle', toText), attribute('langwatch.prompt.id', toText)],
    promptVersion: [
      attribute('langwatch.prompt.version.number', toVersion),
      attribute('langwatch.prompt.version.id', toText),
    ],
  },
};

function metric(names: readonly string[], read: (value: unknown) => number | undefined) {
  return inside(METRICS, [...names.map((name) => `value/${name}`), ...names], read);
}

function typeOf({ span }: ReadContext): CallKind | undefined {
  return kindOfType(span.attributes['langwatch.span.type']);
}

/** The value in its envelope. */
function contained(value: unknown): unknown {
  const isEnvelope = isRecord(value) && typeof value.type === 'string' && 'value' in value;
  return toContent(isEnvelope ? value.value : value);
}

/** Any span may hold the documents that it was given; of a retriever they are the result. */
function ofRetriever(value: unknown, context: ReadContext): unknown {
  return typeOf(context) === 'retriever' ? contained(value) : undefined;
}

function customer(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const text = toText(value);
  return text === undefined ? undefined : { customer_id: text };
}
