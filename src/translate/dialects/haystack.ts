import type { CallKind } from '../call/llm-call.ts';
import type { Message } from '../call/messages.ts';
import { readMessages } from '../messages/read-messages.ts';
import { readToolDefinitions } from '../messages/read-tool-definitions.ts';
import { at, isRecord } from '../messages/recorded-json.ts';
import type { AttributeSource, Dialect, ReadContext } from './dialect.ts';
import { toTexts } from './shared/embeddings.ts';
import { kindByName } from './shared/kind-by-name.ts';
import { attribute, inside, own, requestParameters, structured } from './shared/sources.ts';
import { toContent, toCount, toModelName, toText } from './shared/values.ts';

const TYPE = 'haystack.component.type';
const INPUT = 'haystack.component.input';
const OUTPUT = 'haystack.component.output';
/** Agents of version 3 call their model and their tools in steps of their own. */
const STEP_INPUT = 'haystack.agent.step.llm.input';
const STEP_OUTPUT = 'haystack.agent.step.llm.output';
/** `{component: output}`; the former is Traceloop's. */
const PIPELINE_OUTPUTS = ['traceloop.entity.output', 'haystack.pipeline.output_data'] as const;

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
        meta(context.json(OUTPUT), 'usage') === undefined ? undefined : 'generation',
      ),
      kindByName({
        'haystack.pipeline.run': 'workflow',
        'haystack.async_pipeline.run': 'workflow',
        'haystack.agent.run': 'agent',
        'haystack.component.run': 'step',
        'haystack.agent.step.llm': 'generation',
        'haystack.agent.step.tool': 'tool',
        'haystack.agent.step': 'step',
      }),
    ],

    responseModel: inMeta('model', toModelName),

    inputMessages: [structured(INPUT, asked), attribute(STEP_INPUT, readReprMessages)],
    outputMessages: [
      structured(OUTPUT, answered),
      structured(STEP_OUTPUT, answered),
      ...inPipeline(answered),
    ],
    toolDefinitions: [
      inside(INPUT, 'tools', readToolDefinitions),
      own(structured('haystack.agent.tools', readToolDefinitions)),
    ],
    embeddingInput: [inside(INPUT, ['text', 'texts', 'documents'], embedded)],
    inputState: [
      structured('haystack.agent.step.tool.input', toContent),
      structured(INPUT, toContent),
      structured('haystack.pipeline.input_data', toContent),
      structured('haystack.agent.input', toContent),
    ],
    outputState: [
      structured('haystack.agent.step.tool.output', toContent),
      inside(OUTPUT, 'documents', toContent),
      structured(OUTPUT, toContent),
      structured('haystack.pipeline.output_data', toContent),
      structured('haystack.agent.output', toContent),
    ],
    toolName: [attribute('haystack.tool.name', toText)],

    parameters: [requestParameters(INPUT, ['generation_kwargs'])],

    inputTokens: tokens('prompt_tokens', 'input_tokens'),
    outputTokens: tokens('completion_tokens', 'output_tokens'),
    totalTokens: tokens('total_tokens'),
    cacheReadTokens: tokens('prompt_tokens_details/cached_tokens', 'cache_read_input_tokens'),
    cacheWriteTokens: tokens('cache_creation_input_tokens'),
    reasoningTokens: tokens('completion_tokens_details/reasoning_tokens'),

    finishReason: inMeta('finish_reason', toText),

    generationName: [attribute('haystack.component.name', toText)],
  },
};

function kindOfComponent(type: unknown): CallKind | undefined {
  if (typeof type !== 'string') return undefined;
  return KIND_BY_ENDING.find(([ending]) => type.endsWith(ending))?.[1];
}

/** Of chat generators `replies[].meta`, of the older text generators `meta[]`, of embedders `meta`. */
function meta(output: unknown, field: string): unknown {
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

function inMeta<T>(field: string, read: (value: unknown) => T | undefined): AttributeSource<T>[] {
  return [
    ...[OUTPUT, STEP_OUTPUT].map((key) => structured(key, (output) => read(meta(output, field)))),
    ...inPipeline((output) => read(meta(output, field))),
  ];
}

/** Of a whole pipeline, what its only generator gave. */
function inPipeline<T>(read: (output: unknown) => T | undefined): AttributeSource<T>[] {
  return PIPELINE_OUTPUTS.map((key) =>
    structured(key, (outputs) => {
      const given = isRecord(outputs)
        ? Object.values(outputs).filter((output) => at(output, ['replies']))
        : [];
      return given.length === 1 ? read(given[0]) : undefined;
    }),
  );
}

function tokens(...paths: readonly string[]): AttributeSource<number>[] {
  return inMeta('usage', (usage) =>
    paths.map((path) => toCount(at(usage, path.split('/')))).find((count) => count !== undefined),
  );
}

const REPR_MESSAGE = /ChatMessage\(_role=<ChatRole\.\w+: '(\w+)'>, _content=\[([\s\S]*?)\], _name=/g;
const REPR_TEXT = /TextContent\(text=(?:'((?:[^'\\]|\\[\s\S])*)'|"((?:[^"\\]|\\[\s\S])*)")\)/g;

/** Messages as Python prints the objects; of their parts, the texts. */
function readReprMessages(value: unknown): readonly Message[] | undefined {
  if (typeof value !== 'string') return undefined;
  const messages = [...value.matchAll(REPR_MESSAGE)].flatMap(([, role = 'user', content = '']): Message[] => {
    const parts = [...content.matchAll(REPR_TEXT)].map(([, single, double]) => ({
      type: 'text' as const,
      text: (single ?? double ?? '').replaceAll('\\n', '\n').replace(/\\(['"\\])/g, '$1'),
    }));
    return parts.length > 0 ? [{ role, parts }] : [];
  });
  return messages.length > 0 ? messages : undefined;
}

function asked(input: unknown): readonly Message[] | undefined {
  if (!isRecord(input)) return undefined;
  return readMessages(input.messages ?? input.prompt ?? undefined, 'user');
}

/** Replies are messages, or texts of the older generators. */
function answered(output: unknown): readonly Message[] | undefined {
  if (!isRecord(output)) return undefined;
  const { replies } = output;
  return readMessages(Array.isArray(replies) ? replies.map(withTypedCalls) : replies, 'assistant');
}

/** Parts are distinguished by their only key: `{text}`, `{tool_call: {tool_name, arguments, id}}`. */
function withTypedCalls(reply: unknown): unknown {
  const content = isRecord(reply) ? (reply.content ?? reply._content) : undefined;
  if (!isRecord(reply) || !Array.isArray(content)) return reply;
  const texts = content.filter((part) => !isRecord(part) || !isRecord(part.tool_call));
  const calls = content.flatMap((part) => {
    const call = at(part, ['tool_call']);
    return isRecord(call) ? [{ id: call.id, name: call.tool_name, arguments: call.arguments }] : [];
  });
  return calls.length === 0 ? reply : { role: reply.role ?? 'assistant', content: texts, tool_calls: calls };
}

/** The text of an embedder of queries, the contents of the documents of an embedder of documents. */
function embedded(value: unknown, { span }: ReadContext): string | readonly string[] | undefined {
  return kindOfComponent(span.attributes[TYPE]) === 'embedding' ? toTexts(value) : undefined;
}
