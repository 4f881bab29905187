import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputOf } from '../../../src/translate/call/llm-call.ts';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { itReads, readParts } from '../../support/dialect-rows.ts';
import { type SpanParts, span } from '../../support/spans.ts';

const ASKED = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'How high is Mount Kenya?' },
];
const ANSWER = 'About 5,199 metres.';

const json = JSON.stringify;

/** Python's `repr` of plain data. */
function repr(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, inner]) => `'${key}': ${repr(inner)}`)
      .join(', ')}}`;
  }
  return typeof value === 'string' ? `'${value}'` : value === null ? 'None' : String(value);
}

type Attributes = Record<string, unknown>;

function flattened(
  prefix: string,
  list: readonly { role: string; content: string }[],
  message = '',
): Attributes {
  return Object.fromEntries(
    list.flatMap(({ role, content }, index) => [
      [`${prefix}.${index}.${message}role`, role],
      [`${prefix}.${index}.${message}content`, content],
    ]),
  );
}

const said = [{ role: 'assistant', content: ANSWER }];

/** The forms in which one fact is written; the last words are known, the prefix is anybody's. */
const MODELS = ['model', 'model_name', 'request.model', 'modelId', 'llm.model'].map(
  (name) => (at: string) => ({ [at + name]: 'gpt-4o-mini' }),
);
const USAGES: readonly ((at: string) => Attributes)[] = [
  (at) => ({ [`${at}usage.prompt_tokens`]: 21, [`${at}usage.completion_tokens`]: 7 }),
  (at) => ({ [`${at}inputTokens`]: '21', [`${at}outputTokens`]: '7' }),
  (at) => ({ [`${at}tokens.input`]: 21, [`${at}tokens.output`]: 7 }),
  (at) => ({ [`${at}token_count.prompt`]: 21, [`${at}token_count.completion`]: 7 }),
  (at) => ({ [`${at}usage`]: json({ prompt_tokens: 21, completion_tokens: 7, total_tokens: 28 }) }),
  (at) => ({ [`${at}usage`]: json({ input: 21, output: 7 }) }),
  (at) => ({ [`${at}token_usage`]: repr({ input_tokens: 21, output_tokens: 7, details: null }) }),
  (at) => ({ [`${at}usage`]: 'CompletionUsage(completion_tokens=7, prompt_tokens=21, total_tokens=28)' }),
  (at) => ({ [`${at}usage_metadata`]: json({ promptTokenCount: 21, candidatesTokenCount: 7 }) }),
];
const INPUTS: readonly ((at: string) => Attributes)[] = [
  (at) => ({ [`${at}messages`]: json(ASKED) }),
  (at) => ({ [`${at}input`]: json({ model: 'gpt-4o-mini', messages: ASKED }) }),
  (at) => ({ [`${at}prompt`]: repr(ASKED) }),
  (at) => ({ [`${at}request.messages`]: ASKED.map((message) => json(message)) }),
  (at) => ({
    [`${at}input_messages`]: json(ASKED.map(({ role, content }) => ({ role, parts: [{ text: content }] }))),
  }),
  (at) => flattened(`${at}prompts`, ASKED),
  (at) => flattened(`${at}input_messages`, ASKED, 'message.'),
  (at) => ({ [`${at}system_prompt`]: 'Be brief.', [`${at}question`]: 'How high is Mount Kenya?' }),
  (at) => ({ [`${at}messages.0`]: json(ASKED[0]), [`${at}messages.1`]: json(ASKED[1]) }),
];
const OUTPUTS: readonly ((at: string) => Attributes)[] = [
  (at) => ({ [`${at}completion`]: ANSWER }),
  (at) => ({ [`${at}answer`]: json(said[0]) }),
  (at) => ({
    [`${at}response`]: json({ id: 'r-1', choices: [{ index: 0, message: said[0], finish_reason: 'stop' }] }),
  }),
  (at) => ({ [`${at}output`]: repr({ role: 'assistant', content: ANSWER }) }),
  (at) => ({ [`${at}output_messages`]: json([{ role: 'model', parts: [{ text: ANSWER }] }]) }),
  (at) => flattened(`${at}completions`, said),
  (at) => flattened(`${at}response.choices`, said, 'message.'),
];

/** A prefix of one to three invented words, or words that known emitters begin their names with, too. */
const prefix = fc
  .oneof(
    { weight: 3, arbitrary: fc.array(fc.stringMatching(/^zq[a-z]{2,6}$/), { minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.constantFrom(['llm'], ['model', 'call'], ['agent'], ['chat']) },
  )
  .map((words) => `${words.join('.')}.`);

const dialect = fc.record({
  prefix,
  model: fc.constantFrom(...MODELS),
  usage: fc.constantFrom(...USAGES),
  input: fc.constantFrom(...INPUTS),
  output: fc.constantFrom(...OUTPUTS),
});

describe('an invented dialect', () => {
  it('gives a complete generation', () => {
    fc.assert(
      fc.property(dialect, ({ prefix: at, model, usage, input, output }) => {
        const attributes = {
          ...model(at),
          ...usage(at),
          ...input(at),
          ...output(at),
          [`${at}user_id`]: 'u-1',
        };
        const call = readParts({ scope: 'zq-lib', name: 'zq step', attributes });
        expect(call).toMatchObject({
          kind: 'generation',
          dialect: 'generic',
          model: 'gpt-4o-mini',
          usage: { inputTokens: 21, outputTokens: 7 },
          output: [{ role: 'assistant', parts: [{ type: 'text', text: ANSWER }] }],
          trace: { user: 'u-1' },
        });
        expect(inputOf(call)?.map(({ role, parts }) => [role, parts])).toEqual(
          ASKED.map(({ role, content }) => [role, [{ type: 'text', text: content }]]),
        );
      }),
      { numRuns: 300 },
    );
  });
});

function unknown(attributes: Attributes, more: Partial<SpanParts> = {}): SpanParts {
  return { scope: 'acme', name: 'work', attributes, ...more };
}

const GEN_AI = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' };
const HI_AND_HELLO = {
  input: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
  output: [{ role: 'assistant', parts: [{ type: 'text', text: 'hello' }] }],
};
const MODEL = { 'acme.model': 'gpt-4o', 'acme.usage.prompt_tokens': 3 };

describe('spans of emitters that nobody knows', () => {
  itReads([
    {
      rule: 'nested OpenAI usage',
      span: unknown({
        'acme.model': 'gpt-4o',
        'acme.usage': json({
          prompt_tokens: 1200,
          completion_tokens: 300,
          prompt_tokens_details: { cached_tokens: 1024, audio_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 256, accepted_prediction_tokens: 0 },
        }),
      }),
      call: {
        kind: 'generation',
        usage: { inputTokens: 1200, outputTokens: 300, cacheReadTokens: 1024, reasoningTokens: 256 },
      },
    },
    {
      rule: 'prices and counts beside a prompt, under names that end alike',
      span: unknown({
        ...{
          'acme.model': 'gpt-4o',
          'acme.tokens.input': 3,
          'acme.cost.input': 0.01,
          'acme.cost.output': 0.02,
        },
        ...{ 'acme.question': 'hi', 'acme.answer': 'hello' },
      }),
      call: {
        input: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'hello' }] }],
      },
    },
    {
      rule: 'turns that are no answer, under a name that says so',
      span: unknown({
        ...MODEL,
        'acme.response.messages': json([{ role: 'user', content: 'hi' }]),
        'acme.response.content': 'hello',
      }),
      call: {
        input: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'hello' }] }],
      },
    },
    {
      rule: 'OpenInference’s form of messages below other names',
      span: unknown({
        ...{ ...GEN_AI, 'gen_ai.prompt.0.message.role': 'user', 'gen_ai.prompt.0.message.content': 'hi' },
        ...{
          'gen_ai.completion.0.message.role': 'assistant',
          'gen_ai.completion.0.message.content': 'hello',
        },
      }),
      call: HI_AND_HELLO,
    },
    {
      rule: 'messages below names that mostly hold something else',
      span: unknown({
        ...{ ...GEN_AI, 'gen_ai.request.messages': json([{ role: 'user', content: 'hi' }]) },
        'gen_ai.response.messages': json([{ role: 'assistant', content: 'hello' }]),
      }),
      call: HI_AND_HELLO,
    },
    {
      rule: 'one message, and calls of tools beside an empty text',
      span: unknown({
        ...{ ...MODEL, 'acme.response.text': '' },
        'acme.response.tool_calls': json([{ id: 'c-1', name: 'get', arguments: { id: 7 } }]),
      }),
      call: { output: [{ role: 'assistant', parts: [{ type: 'tool_call', id: 'c-1', name: 'get' }] }] },
    },
    {
      rule: 'an answer that is one message',
      span: unknown({ ...MODEL, 'acme.response.message': json({ role: 'assistant', content: 'hello' }) }),
      call: { output: HI_AND_HELLO.output },
    },
    {
      rule: 'user and session in a namespace of its own, on a span that a dialect knows',
      span: unknown({ ...GEN_AI, 'acme.user_id': 'u-1', 'acme.sessionId': 's-1' }),
      call: { dialect: 'gen-ai', trace: { user: 'u-1', sessionId: 's-1' } },
    },
    {
      rule: 'but not where the dialect knows the namespace, or of other work',
      span: unknown({ ...GEN_AI, 'langsmith.trace.session_id': 'project', 'db.user_id': 'root' }),
      absent: ['trace.user', 'trace.sessionId'],
    },
    {
      rule: 'the facts of a whole answer',
      span: unknown({
        'acme.model': 'gpt-4o',
        'acme.response': json({
          id: 'chatcmpl-7',
          model: 'gpt-4o-2024-08-06',
          choices: [{ message: { role: 'assistant', content: 'Yes.' }, finish_reason: 'length' }],
          usage: { prompt_tokens: 9, completion_tokens: 2 },
        }),
      }),
      call: {
        kind: 'generation',
        model: 'gpt-4o-2024-08-06',
        responseId: 'chatcmpl-7',
        finishReason: 'length',
        usage: { inputTokens: 9, outputTokens: 2 },
      },
    },
    {
      rule: 'a tool with its arguments and result',
      span: unknown({
        'acme.tool.name': 'lookup',
        'acme.tool.arguments': '{"id":7}',
        'acme.tool.result': '{"ok":true}',
      }),
      call: { kind: 'tool', toolName: 'lookup', inputState: { id: 7 }, outputState: { ok: true } },
    },
    {
      rule: 'a tool whose kind is said, with data under names that mean little',
      span: unknown({
        'acme.span.type': 'tool',
        'acme.tool.name': 'lookup',
        'acme.span.input': '{"id":7}',
        'acme.span.output': '{"ok":true}',
      }),
      call: { kind: 'tool', toolName: 'lookup', inputState: { id: 7 }, outputState: { ok: true } },
    },
    {
      rule: 'a tool whose kind is said, without a name',
      span: unknown({ acme_event_type: 'tool', 'acme_inputs.query': 'rain', 'acme_outputs.result': 'no' }),
      call: { kind: 'tool', inputState: 'rain', outputState: 'no' },
    },
    {
      rule: 'a kind that is said',
      span: unknown({
        'acme.span.type': 'agent',
        'acme.agent.name': 'planner',
        'acme.input': json([{ role: 'user', content: 'Plan' }]),
        'acme.output': 'done',
      }),
      call: { kind: 'agent', agentName: 'planner' },
    },
    {
      rule: 'parameters, finish reason, stream flag and time to first token',
      span: unknown({
        ...MODEL,
        'acme.temperature': 0.2,
        'acme.maxTokens': '100',
        'acme.finish_reason': 'stop',
        'acme.stream': true,
        'acme.ttft_ms': 420,
      }),
      call: {
        parameters: { temperature: 0.2, max_tokens: 100 },
        finishReason: 'stop',
        streaming: true,
        timeToFirstTokenSeconds: 0.42,
      },
    },
    {
      rule: 'a cost is read where its unit is in the name',
      span: unknown({ ...MODEL, 'acme.cost_usd': 0.25 }),
      call: { cost: { totalUsd: 0.25 } },
    },
    {
      rule: 'a unit may be said in words',
      span: unknown({
        ...MODEL,
        'acme.metric.cost_in_usd': 0.25,
        'acme.metric.time_to_first_token_in_ms': 90,
      }),
      call: { cost: { totalUsd: 0.25 }, timeToFirstTokenSeconds: 0.09 },
    },
    { rule: 'a cost without a unit is none', span: unknown({ ...MODEL, 'acme.cost': 25 }), absent: ['cost'] },
    {
      rule: 'names of OpenInference without its kind',
      span: unknown({
        'llm.model_name': 'gpt-4o',
        'llm.token_count.prompt': 9,
        'llm.token_count.completion': 2,
        'input.value': 'hello',
        'output.value': 'hi',
      }),
      call: {
        kind: 'generation',
        model: 'gpt-4o',
        usage: { inputTokens: 9, outputTokens: 2 },
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'hi' }] }],
      },
    },
    {
      rule: "bare names beside OpenTelemetry's",
      span: unknown({
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.usage.input_cached_tokens': 2,
        messages: json([{ role: 'user', content: 'hey' }]),
        output: 'yo',
        stream: true,
      }),
      call: {
        kind: 'generation',
        streaming: true,
        usage: { cacheReadTokens: 2 },
        input: [{ role: 'user', parts: [{ type: 'text', text: 'hey' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'yo' }] }],
      },
    },
  ]);
});

describe('spans that are no AI', () => {
  it.each<[string, Attributes]>([
    [
      'a job with input and output',
      { 'job.input': '{"file":"a"}', 'job.output': 'done', 'job.type': 'resize' },
    ],
    ['a record of a database model', { 'orm.model': 'User', 'orm.input': '{"id":1}', 'orm.result': '1 row' }],
    [
      'a message queue',
      { 'messaging.message.id': '7', 'messaging.operation.type': 'publish', 'queue.messages': 7 },
    ],
    ['a car', { 'car.model': 'Golf', 'car.temperature': 90 }],
    ['a build tool', { 'build.tool.name': 'webpack', 'build.input': 'src', 'build.type': 'tool' }],
    [
      'an HTTP request',
      { 'http.request.body': '{"messages":[]}', 'http.response.body': 'x', 'user.id': 'u' },
    ],
    ['tokens of a lexer', { 'lexer.total_tokens': 700, 'lexer.input': 'let x = 1' }],
  ])('%s', (_title, attributes) => {
    const result = readCall(span({ scope: 'acme', name: 'work', attributes }));
    expect(result).toMatchObject({ type: 'foreign' });
  });
});
