import { isEmbeddingModel } from '../call/embedding-model.ts';
import type { CallKind } from '../call/llm-call.ts';
import { readMessages } from '../messages/read-messages.ts';
import type { Dialect, ReadContext } from './dialect.ts';
import { toTexts } from './shared/embeddings.ts';
import { flattened } from './shared/message-sources.ts';
import { attribute, firstChoice, lastResort, own, ownAttribute, structured } from './shared/sources.ts';
import { oneOf, toContent, toCount, toText } from './shared/values.ts';

const KINDS: Readonly<Record<string, CallKind>> = {
  LLM: 'generation',
  EMBEDDING: 'embedding',
  RETRIEVER: 'retriever',
  RERANKER: 'reranker',
  TOOL: 'tool',
  AGENT: 'agent',
  CHAIN: 'chain',
  WORKFLOW: 'workflow',
  ENTRY: 'workflow',
  TASK: 'task',
  STEP: 'step',
  GUARDRAIL: 'guardrail',
  EVALUATOR: 'evaluator',
  MEMORY: 'memory',
  CONVERSATION: 'workflow',
};

const kindOf = oneOf(KINDS);

/** The two spellings of the attribute that says the kind. */
const KIND_NAMES = ['gen_ai.span.kind', 'gen_ai.span_kind_name'] as const;

/**
 * Alibaba's LoongSuite and ARMS, Future AGI and others that say the kind of a span in `gen_ai.span.kind`. Models, tokens
 * and messages stand under OpenTelemetry's names; `input.value` and `output.value` hold what no name of theirs does.
 * Sources: `alibaba/loongsuite-python-agent`, `alibaba/loongsuite-js-plugins`, `future-agi/traceAI`.
 */
export const loongsuite: Dialect = {
  id: 'loongsuite',
  title: 'LoongSuite, Future AGI (`gen_ai.span.kind`)',
  detect: { scopes: ['loongsuite*'], attributes: KIND_NAMES },
  fields: {
    kind: KIND_NAMES.map((name) => attribute(name, kindWithModel)),

    inputMessages: [
      own(flattened('gen_ai.input.messages.', 'openinference', 'user')),
      lastResort(own(attribute('input.value', ofModelCall('user')))),
    ],
    outputMessages: [
      own(flattened('gen_ai.output.messages.', 'openinference', 'assistant')),
      lastResort(own(attribute('output.value', ofModelCall('assistant')))),
    ],
    embeddingInput: [lastResort(own(structured('input.value', toTexts)))],
    inputState: [lastResort(own(structured('input.value', toContent)))],
    outputState: [lastResort(own(structured('output.value', toContent)))],

    timeToFirstTokenSeconds: [
      firstChoice(ownAttribute('gen_ai.response.time_to_first_token', nanosecondsToSeconds)),
      ownAttribute('gen_ai.user.time_to_first_token', nanosecondsToSeconds),
    ],
    framework: [ownAttribute('gen_ai.framework', toText)],

    user: [ownAttribute('gen_ai.user.id', toText)],
    sessionId: [ownAttribute('gen_ai.session.id', toText)],
  },
};

function kindWithModel(value: unknown, { span }: ReadContext): CallKind | undefined {
  const kind = kindOf(value);
  const embeds = isEmbeddingModel(toText(span.attributes['gen_ai.request.model']));
  return kind === 'generation' && embeds ? 'embedding' : kind;
}

/** As their conventions say; a fraction or a small number is some other emitter's unit. */
function nanosecondsToSeconds(value: unknown): number | undefined {
  const nanoseconds = toCount(value);
  const isPlausible = nanoseconds !== undefined && Number.isInteger(nanoseconds) && nanoseconds >= 1000;
  return isPlausible ? nanoseconds / 1e9 : undefined;
}

function ofModelCall(defaultRole: string) {
  return (value: unknown, { span }: ReadContext) =>
    KIND_NAMES.some((name) => kindOf(span.attributes[name]) === 'generation')
      ? readMessages(value, defaultRole)
      : undefined;
}
