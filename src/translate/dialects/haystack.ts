import type { CallKind } from '../call/llm-call.ts';
import type { Message } from '../call/messages.ts';
import { readMessages } from '../messages/read-messages.ts';
import { readToolDefinitions } from '../messages/read-tool-definitions.ts';
import { at, isRecord } from '../messages/recorded-json.ts';
import type { Dialect, ReadContext } from './dialect.ts';
import { toTexts } from './shared/embeddings.ts';
import { kindByName } from './shared/kind-by-name.ts';
import { attribute, inside, own, requestParameters, structured } from './shared/sources.ts';
import { toContent, toCount, toModelName, toText } from './shared/values.ts';

const TYPE = 'haystack.component.type';
const INPUT = 'haystack.component.input';
const OUTPUT = 'haystack.component.output';

/**
 * What a component is, by the ending of its class: `OpenAIChatGenerator`, `SentenceTransformersTextEmbedder`,
 * …
 */
const KIND_BY_ENDING: readonly (readonly [ending: string, kind: CallKind])[] = [
  ['Generator', 'generation'],
  ['Embedder', 'embedding'],
  ['Retriever', 'retriever'],
  ['Ranker', 'reranker'],
  ['ToolInvoker', 'tool'],
  ['PromptBuilder', 'prompt'],
  ['Evaluator', 'evaluator'],
  ['Agent', 'agent'],
];

/**
 * Haystack's own tracing. A pipeline's components are spans; model, usage and finish reason stand in the
 * `meta` of a component's output alone. Source: `deepset-ai/haystack` (haystack/tracing,
 * haystack/core/pipeline).
 */
export const haystack: Dialect = {
  id: 'haystack',
  title: 'Haystack',
  framework: 'haystack',
  detect: { scopes: ['haystack*'], prefixes: ['haystack.'] },
  fields: {
    kind: [
      attribute(TYPE, kindOfComponent),
      structured(OUTPUT, (_value, context) =>
        meta(context, 'usage') === undefined ? undefined : 'generation',
      ),
      kindByName({
        'haystack.pipeline.run': 'workflow',
        'haystack.async_pipeline.run': 'workflow',
        'haystack.agent.run': 'agent',
        'haystack.component.run': 'step',
      }),
    ],

    responseModel: [structured(OUTPUT, (_value, context) => toModelName(meta(context, 'model')))],

    inputMessages: [structured(INPUT, asked)],
    outputMessages: [structured(OUTPUT, answered)],
    toolDefinitions: [
      inside(INPUT, 'tools', readToolDefinitions),
      own(structured('haystack.agent.tools', readToolDefinitions)),
    ],
    embeddingInput: [inside(INPUT, ['text', 'texts', 'documents'], embedded)],
    inputState: [
      structured(INPUT, toContent),
      structured('haystack.pipeline.input_data', toContent),
      structured('haystack.agent.input', toContent),
    ],
    outputState: [
      inside(OUTPUT, 'documents', toContent),
      structured(OUTPUT, toContent),
      structured('haystack.pipeline.output_data', toContent),
      structured('haystack.agent.output', toContent),
    ],
    toolName: [attribute('haystack.tool.name', toText)],

    parameters: [requestParameters(INPUT, ['generation_kwargs'])],

    inputTokens: [tokens('prompt_tokens', 'input_tokens')],
    outputTokens: [tokens('completion_tokens', 'output_tokens')],
    totalTokens: [tokens('total_tokens')],
    cacheReadTokens: [tokens('prompt_tokens_details/cached_tokens', 'cache_read_input_tokens')],
    cacheWriteTokens: [tokens('cache_creation_input_tokens')],
    reasoningTokens: [tokens('completion_tokens_details/reasoning_tokens')],

    finishReason: [structured(OUTPUT, (_value, context) => toText(meta(context, 'finish_reason')))],

    generationName: [attribute('haystack.component.name', toText)],
  },
};

function kindOfComponent(type: unknown): CallKind | undefined {
  if (typeof type !== 'string') return undefined;
  return KIND_BY_ENDING.find(([ending]) => type.endsWith(ending))?.[1];
}

/** Of chat generators `replies[].meta`, of the older text generators `meta[]`, of embedders `meta`. */
function meta(context: ReadContext, field: string): unknown {
  const output = context.json(OUTPUT);
  const replies = at(output, ['replies']);
  const beside = at(output, ['meta']);
  const candidates: unknown[] = [
    ...(Array.isArray(replies)
      ? replies.map((reply: unknown) => at(reply, ['meta']) ?? at(reply, ['_meta']))
      : []),
    ...(Array.isArray(beside) ? beside : [beside]),
  ];
  return candidates.map((candidate) => at(candidate, [field])).find((value) => value !== undefined);
}

function tokens(...paths: readonly string[]) {
  return structured(OUTPUT, (_value, context) => {
    const usage = meta(context, 'usage');
    return paths.map((path) => toCount(at(usage, path.split('/')))).find((count) => count !== undefined);
  });
}

function asked(input: unknown): readonly Message[] | undefined {
  if (!isRecord(input)) return undefined;
  return readMessages(input.messages ?? input.prompt ?? undefined, 'user');
}

/** Replies are messages, or texts of the older generators. */
function answered(output: unknown): readonly Message[] | undefined {
  return isRecord(output) ? readMessages(output.replies, 'assistant') : undefined;
}

/** The text of an embedder of queries, the contents of the documents of an embedder of documents. */
function embedded(value: unknown, { span }: ReadContext): string | readonly string[] | undefined {
  return kindOfComponent(span.attributes[TYPE]) === 'embedding' ? toTexts(value) : undefined;
}
