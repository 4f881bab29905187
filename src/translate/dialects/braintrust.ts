import { isEmbeddingModel } from '../call/embedding-model.ts';
import type { CallKind } from '../call/llm-call.ts';
import { readToolDefinitions } from '../messages/read-tool-definitions.ts';
import type { Dialect, KindContext, KindCorrection, ReadContext } from './dialect.ts';
import { toTexts } from './shared/embeddings.ts';
import { messages } from './shared/message-sources.ts';
import {
  attribute,
  inside,
  metadataBelow,
  metadataIn,
  prefixed,
  requestParameters,
  SAMPLING_PARAMETERS,
  structured,
} from './shared/sources.ts';
import { oneOf, toContent, toCount, toModelName, toText, toTextList } from './shared/values.ts';

const METADATA = 'braintrust.metadata';
const METRICS = 'braintrust.metrics';

/** `type` of the span attributes; an embedding is an `llm`, too. */
const SPAN_TYPES: Readonly<Record<string, CallKind>> = {
  llm: 'generation',
  tool: 'tool',
  function: 'chain',
  task: 'task',
  eval: 'evaluator',
  score: 'evaluator',
  review: 'evaluator',
  preprocessor: 'step',
  classifier: 'step',
};

/** What is read as model, parameters and tools. */
const NOT_METADATA = [
  ...[
    'model',
    'provider',
    'tools',
    'messages',
    'input',
    'prompt',
    'instructions',
    'system',
    'response_format',
  ],
  ...SAMPLING_PARAMETERS,
  ...[
    'stop',
    'frequency_penalty',
    'presence_penalty',
    'stream',
    'stream_options',
    'tool_choice',
    'reasoning_effort',
  ],
];

/**
 * Braintrust's attributes, as its SDK and applications write them. `braintrust.parent` stands on every span
 * of the application, so it recognises nothing. Sources: `braintrust` 3.35, `@braintrust/otel` 1.0,
 * Braintrust's OpenTelemetry documentation.
 */
export const braintrust: Dialect = {
  id: 'braintrust',
  title: 'Braintrust',
  detect: {
    scopes: ['braintrust*'],
    attributes: [
      'braintrust.span_attributes',
      'braintrust.input',
      'braintrust.input_json',
      'braintrust.output',
      'braintrust.output_json',
      METADATA,
      METRICS,
    ],
    prefixes: [`${METADATA}.`, `${METRICS}.`],
  },
  correctKind: embedding,
  content: {
    input: ['braintrust.input*', 'braintrust.expected*', 'braintrust.context_json', 'braintrust.metadata'],
    output: ['braintrust.output*'],
  },
  fields: {
    kind: [inside('braintrust.span_attributes', 'type', oneOf(SPAN_TYPES))],

    requestModel: [inside(METADATA, 'model', toModelName), attribute(`${METADATA}.model`, toModelName)],
    provider: [inside(METADATA, 'provider', toText), attribute(`${METADATA}.provider`, toText)],

    inputMessages: [messages('braintrust.input_json', 'user'), messages('braintrust.input', 'user')],
    outputMessages: [
      messages('braintrust.output_json', 'assistant'),
      messages('braintrust.output', 'assistant'),
    ],
    toolDefinitions: [inside(METADATA, 'tools', readToolDefinitions)],
    embeddingInput: [
      structured('braintrust.input_json', (value, context) =>
        isEmbeddingModel(toModelName(modelOf(context))) ? toTexts(value) : undefined,
      ),
    ],
    inputState: [structured('braintrust.input_json', toContent), structured('braintrust.input', toContent)],
    outputState: [
      structured('braintrust.output_json', toContent),
      structured('braintrust.output', toContent),
    ],

    parameters: [requestParameters(METADATA)],

    inputTokens: metric('prompt_tokens'),
    outputTokens: metric('completion_tokens'),
    totalTokens: metric('tokens'),
    cacheReadTokens: metric('prompt_cached_tokens'),
    cacheWriteTokens: metric('prompt_cache_creation_tokens'),
    reasoningTokens: metric('completion_reasoning_tokens'),
    timeToFirstTokenSeconds: metric('time_to_first_token'),

    tags: [structured('braintrust.tags', toTextList)],
    metadata: [
      metadataIn(METADATA, NOT_METADATA),
      metadataBelow(`${METADATA}.`, NOT_METADATA),
      structured('braintrust.scores', (scores) => (scores === undefined ? undefined : { scores })),
      prefixed('braintrust.scores.', (entries) => ({ scores: Object.fromEntries(entries) })),
    ],
  },
};

function metric(name: string) {
  return [inside(METRICS, name, toCount), attribute(`${METRICS}.${name}`, toCount)];
}

function modelOf(context: ReadContext): unknown {
  const metadata = context.json(METADATA);
  return typeof metadata === 'object' && metadata !== null && 'model' in metadata
    ? metadata.model
    : undefined;
}

function embedding(context: KindContext): KindCorrection | undefined {
  if (context.kind !== 'generation' || !isEmbeddingModel(context.get('requestModel'))) return undefined;
  return {
    kind: 'embedding',
    because: 'Braintrust calls every request to a model llm, and this model embeds',
  };
}
