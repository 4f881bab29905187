import type { Dialect, Source } from '../../../src/translate/dialects/dialect.ts';
import type { Field } from '../../../src/translate/dialects/fields.ts';
import { DIALECTS } from '../../../src/translate/dialects/registry.ts';
import type { SpanView } from '../../../src/translate/span/span-view.ts';
import { span } from '../../support/spans.ts';
import type { Load } from './corpus-load.ts';
import { toSdkSpan } from './sdk-shapes.ts';
import type { SecretBook } from './secrets.ts';

/** Facts that are content, with an operation whose spans carry them. */
const CONTENT_FIELDS: Partial<Record<Field, readonly string[]>> = {
  inputMessages: ['chat', 'invoke_agent'],
  outputMessages: ['chat', 'invoke_agent'],
  systemInstructions: ['chat'],
  toolDefinitions: ['chat'],
  embeddingInput: ['embeddings'],
  inputState: ['execute_tool', 'retrieval'],
  outputState: ['execute_tool', 'retrieval'],
  parameters: ['chat'],
  errorMessage: ['chat'],
};

/** Shows in an event that settings were read out of a whole request, and not one by one. */
export const BUNDLED_TEMPERATURE = 0.123;

/** Forms in which emitters write content; a source reads at least one of them. */
const FORMS: Readonly<Record<string, (secret: string) => unknown>> = {
  sentence: (secret) => `some words ${secret} and more`,
  word: (secret) => secret,
  'JSON list': (secret) => JSON.stringify(conversation(secret)),
  'JSON object': (secret) => JSON.stringify(request(secret)),
  'list of texts': (secret) => [JSON.stringify(conversation(secret)[0]), `and ${secret}`],
  object: request,
};

function conversation(secret: string): object[] {
  return [
    { role: 'user', content: secret, parts: [{ type: 'text', text: secret, content: secret }] },
    {
      role: 'assistant',
      content: `well, ${secret}`,
      tool_calls: [
        { id: 'c1', type: 'function', function: { name: 'f', arguments: JSON.stringify({ a: secret }) } },
      ],
      finish_reason: `because ${secret}`,
    },
  ];
}

/** Request, answer and tool in one, in the words of many providers. */
function request(secret: string): object {
  const text = Object.fromEntries(
    ['prompt', 'input', 'text', 'query', 'system', 'output', 'content', 'result', 'response', 'message'].map(
      (name) => [name, `${name} with ${secret}`],
    ),
  );
  return {
    ...text,
    messages: conversation(secret),
    arguments: { city: secret, [secret]: 1 },
    choices: [{ message: { role: 'assistant', content: secret }, finish_reason: `because ${secret}` }],
    contents: [{ role: 'user', parts: [{ text: secret }] }],
    candidates: [{ content: { role: 'model', parts: [{ text: secret }] } }],
    tools: [{ type: 'function', function: { name: 'f', description: secret, parameters: {} } }],
    error: { message: secret },
    stop: [secret],
    temperature: BUNDLED_TEMPERATURE,
    // Answers of applications may have members of these names that are no more than what the model said.
    model: `the model that ${secret} likes`,
    finish_reason: `because ${secret}`,
  };
}

/** What stands behind a prefix, over all dialects that flatten their content. */
const SUFFIXES: readonly string[] = [
  ...[
    'content',
    'text',
    'message',
    'arguments',
    'input',
    'output',
    'prompt',
    'result',
    'documents',
    'object',
  ],
  ...['reasoning', 'toolCalls', 'tool_calls', 'function_calls', 'query', '0.content', '0.message.content'],
  ...[
    '0.message.contents.0.message_content.text',
    '0.text',
    '0.prompt',
    '0.prompt.text',
    '0.completion.text',
  ],
  ...['0.description', '0.parameters', '0.arguments', '0.tool.json_schema', '0.document.content'],
  ...['0.embedding.text', '0.tool_calls.0.arguments', '0.user', '0.image.url', '0.url'],
  '0.message.tool_calls.0.tool_call.function.arguments',
];

/**
 * Spans of every dialect, those without recordings too: one for each place that its rules read content from, in each
 * form and operation, with one secret each.
 */
export function plantDialects(book: SecretBook): Load[] {
  return DIALECTS.map((dialect): Load => {
    const views = Object.entries(CONTENT_FIELDS).flatMap(([field, operations]) => {
      const sources = (dialect.fields[field as Field] ?? []) as readonly Source<unknown>[];
      const places = new Map(sources.flatMap(placesOf));
      return [...places].flatMap(([name, forms]) =>
        operations.flatMap((operation) =>
          forms.map((form) => {
            const secret = book.next(dialect.id, `${field} in ${name} as ${form}`);
            return madeSpan(dialect, operation, { [name]: FORMS[form]?.(secret) });
          }),
        ),
      );
    });
    return { name: dialect.id, views, spans: views.map((view) => toSdkSpan(view)), logRecords: [] };
  });
}

/** Attribute names that a source reads, with the forms to try. */
function placesOf(source: Source<unknown>): (readonly [name: string, forms: readonly string[]])[] {
  if (source.from === 'attribute') return [[source.key, Object.keys(FORMS)]];
  if (source.from !== 'prefix') return [];
  return SUFFIXES.map((suffix) => [source.prefix + suffix, ['sentence', 'JSON object']]);
}

let made = 0;

/** A span that the dialect recognises. */
function madeSpan({ detect }: Dialect, operation: string, attributes: Record<string, unknown>): SpanView {
  made += 1;
  const { scopes, spanNames, services } = detect;
  const isNamed = [scopes, spanNames, services].some((names) => names !== undefined);
  const [mark] = isNamed
    ? []
    : [...(detect.attributes ?? []), ...(detect.prefixes ?? []).map((one) => `${one}mark`)];
  return span({
    traceId: made.toString(16).padStart(32, '0'),
    spanId: made.toString(16).padStart(16, '0'),
    parentSpanId: 'a'.repeat(16),
    name: spanNames?.[0]?.replace('*', 'step') ?? 'made',
    scope: scopes?.[0]?.replace('*', '') ?? 'test',
    resource: services?.[0] === undefined ? {} : { 'service.name': services[0] },
    attributes: {
      ...(mark === undefined ? {} : { [mark]: 'x' }),
      'gen_ai.operation.name': operation,
      'gen_ai.request.model': 'm',
      'error.type': 'E',
      ...attributes,
    },
    status: { code: 'error', message: undefined },
  });
}
