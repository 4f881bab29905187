import { isEmbeddingModel } from '../call/embedding-model.ts';
import type { CallKind } from '../call/llm-call.ts';
import type { AttributeEntries, Dialect, ReadContext } from './dialect.ts';
import { messages } from './shared/message-sources.ts';
import { metadataReader, structuredText } from './shared/metadata.ts';
import { attribute, lastResort, metadataBelow, own, prefixed, structured } from './shared/sources.ts';
import { toContent, toText, toTextList } from './shared/values.ts';

const ASSOCIATION = 'lmnr.association.properties.';

const SPAN_TYPES: Readonly<Record<string, CallKind>> = {
  LLM: 'generation',
  TOOL: 'tool',
  EXECUTOR: 'chain',
  EVALUATOR: 'evaluator',
  HUMAN_EVALUATOR: 'evaluator',
  EVALUATION: 'workflow',
  PIPELINE: 'workflow',
  DEFAULT: 'chain',
};

/**
 * Laminar. Its instrumentations of model providers write OpenTelemetry's and Traceloop's names; functions that the
 * application observes have their input and output under its own. Source: `lmnr-ai/lmnr-python`, `lmnr-ai/lmnr-ts`.
 */
export const laminar: Dialect = {
  id: 'laminar',
  title: 'Laminar',
  detect: { scopes: ['lmnr.*'], prefixes: ['lmnr.'] },
  fields: {
    kind: [attribute('lmnr.span.type', kindOfType)],

    inputMessages: [lastResort(messages('lmnr.span.input', 'user'))],
    outputMessages: [lastResort(messages('lmnr.span.output', 'assistant'))],
    inputState: [structured('lmnr.span.input', toContent)],
    outputState: [structured('lmnr.span.output', toContent)],
    baseUrl: [own(attribute('gen_ai.request.base_url', toText))],

    user: [attribute(`${ASSOCIATION}user_id`, toText), attribute(`${ASSOCIATION}userId`, toText)],
    sessionId: [attribute(`${ASSOCIATION}session_id`, toText), attribute(`${ASSOCIATION}sessionId`, toText)],
    tags: [attribute(`${ASSOCIATION}tags`, toTextList), attribute(`${ASSOCIATION}label`, toTextList)],
    metadata: [
      metadataBelow(`${ASSOCIATION}metadata.`),
      attribute(`${ASSOCIATION}metadata`, (value) => {
        const held = structuredText(value);
        return typeof held === 'object' && held !== null ? readMetadata(Object.entries(held)) : undefined;
      }),
      prefixed(ASSOCIATION, otherProperties),
    ],
  },
};

function kindOfType(type: unknown, { span }: ReadContext): CallKind | undefined {
  const kind = typeof type === 'string' ? SPAN_TYPES[type.toUpperCase()] : undefined;
  const model = toText(span.attributes['gen_ai.request.model']);
  return kind === 'generation' && isEmbeddingModel(model) ? 'embedding' : kind;
}

const readMetadata = metadataReader();
const readOthers = metadataReader([
  'metadata',
  'metadata.*',
  'tags',
  'label',
  'trace_type',
  'rollout_session_id',
]);

function otherProperties(entries: AttributeEntries): Readonly<Record<string, unknown>> | undefined {
  return readOthers(entries);
}
