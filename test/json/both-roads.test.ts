import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMS } from '../../bench/forms.mjs';
import type { TextForm } from '../../src/translate/call/messages.ts';
import { toEvent } from '../../src/translate/event/to-event.ts';
import { fitEvent } from '../../src/translate/limits/fit-event.ts';
import { applyPrivacy } from '../../src/translate/privacy/apply-privacy.ts';
import { readCall } from '../../src/translate/reading/read-call.ts';
import { span } from '../support/spans.ts';

/** Texts that some reader opens, or that must not leave as they are. */
const text = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'It was a dark night; the "rain" fell\nin torrents. '.repeat(8),
    '[{"role":"user","content":"a dumped conversation"}]',
    '[{"type":"text","text":"a dumped part"}]',
    ' [1] a footnote',
    '[not json',
    '{"rows":[1]}',
    `data:image/png;base64,${'iVBORw0KGgo'.repeat(90)}`,
    '日本語の文章 😀',
    'a\u0000b',
  ),
);
const toolCall = fc.record({
  type: fc.constant('tool_call'),
  id: fc.constantFrom('call_1', 'call_2'),
  name: fc.constantFrom('find', 'get'),
  arguments: fc.record({ query: text }),
});
const said = fc.record({
  role: fc.constantFrom('system', 'user', 'assistant'),
  parts: fc.array(fc.oneof(fc.record({ type: fc.constant('text'), content: text }), toolCall), {
    minLength: 1,
    maxLength: 3,
  }),
});
const answered = fc.record({
  role: fc.constant('tool'),
  parts: fc.tuple(
    fc.record({ type: fc.constant('tool_call_response'), id: fc.constant('call_1'), response: text }),
  ),
});
const conversation = fc.array(fc.oneof(said, answered), { minLength: 1, maxLength: 5 });
const tools = fc.array(
  fc.record({
    type: fc.constant('function'),
    name: fc.constantFrom('find', 'get', 'a\u0000b'),
    description: text,
  }),
  { maxLength: 2 },
);

interface Way {
  readonly texts: TextForm;
  readonly privacyMode: boolean;
  readonly maxBytes: number;
}

interface Recorded {
  readonly name: string;
  readonly scope: string;
  readonly attributes: Record<string, unknown>;
}

function sentFor(form: keyof typeof FORMS, recorded: Record<string, unknown>, way: Way): string {
  const { scope, name, write } = FORMS[form];
  return sentAs({ name, scope, attributes: write(recorded) }, way);
}

function sentAs({ name, scope, attributes }: Recorded, way: Way): string {
  const result = readCall(span({ name, scope: { name: scope }, attributes }), { texts: way.texts });
  if (result.type !== 'call') throw new Error('the span must be a call');
  const event = toEvent(result.call, { metadataPrefix: '', maxMetadataDepth: 5 });
  const policy = { media: 'remove', privacyMode: way.privacyMode } as const;
  const fitted = fitEvent(applyPrivacy(event, result.call, policy), way.maxBytes);
  return 'json' in fitted ? fitted.json.toString() : 'too large';
}

describe.each(Object.keys(FORMS) as (keyof typeof FORMS)[])('a call in the form of %s', (form) => {
  it('is sent as the same bytes whether or not its texts are decoded', () => {
    const input = conversation;
    const answer = fc.tuple(
      said.map((message) => ({ ...message, role: 'assistant', finish_reason: 'stop' })),
    );
    fc.assert(
      fc.property(input, answer, tools, fc.constantFrom(2_000, 8e6), (asked, output, offered, maxBytes) => {
        const recorded = {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-5-mini',
          'gen_ai.response.model': 'gpt-5-mini-2026-03-01',
          'gen_ai.response.id': 'resp_1',
          'gen_ai.usage.input_tokens': 15,
          'gen_ai.usage.output_tokens': 3,
          'gen_ai.conversation.id': 'conv_1',
          'gen_ai.tool.definitions': JSON.stringify(offered),
          'gen_ai.input.messages': JSON.stringify(asked),
          'gen_ai.output.messages': JSON.stringify(output),
          'user.id': 'user_1',
        };
        for (const privacyMode of [false, true]) {
          const way = { privacyMode, maxBytes };
          const passedOn = sentFor(form, recorded, { ...way, texts: 'recorded' });
          expect(passedOn).toBe(sentFor(form, recorded, { ...way, texts: 'decoded' }));
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe.each(Object.keys(FORMS) as (keyof typeof FORMS)[])('a conversation in the form of %s', (form) => {
  it('is sent as the same bytes with each call that it grows by, is cut, or told anew', () => {
    const calls = fc.array(
      fc.record({ kept: fc.integer({ min: 0, max: 6 }), added: conversation, isToldAnew: fc.boolean() }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(calls, (steps) => {
        let messages: unknown[] = [];
        // Twice: what is remembered must be as it was read.
        for (const { kept, added, isToldAnew } of [...steps, ...steps]) {
          const before = isToldAnew ? messages.slice(0, kept) : messages.slice(0, 40);
          messages = [...before, ...added];
          const recorded = {
            'gen_ai.operation.name': 'chat',
            'gen_ai.request.model': 'gpt-5-mini',
            'gen_ai.tool.definitions': '[]',
            'gen_ai.input.messages': JSON.stringify(messages),
            'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"text","content":"Yes."}]}]',
          };
          const way = { privacyMode: false, maxBytes: 8e6 };
          const passedOn = sentFor(form, recorded, { ...way, texts: 'recorded' });
          expect(passedOn).toBe(sentFor(form, recorded, { ...way, texts: 'decoded' }));
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** JSON that readers of messages look into, in shapes that they know, half know and do not know. */
const long = 'It was a dark night; the "rain" fell\nin torrents. '.repeat(4);
const words = fc.oneof(
  text,
  fc.constantFrom(
    long,
    `${long}\ud83d`,
    `[{"type":"function","function":{"name":"find","arguments":"{}"}}, "${'x'.repeat(150)}"]`,
    `[${JSON.stringify({ type: 'text', text: long })}]`,
    `[${JSON.stringify({ role: 'user', content: long })}]`,
    `{"tool_call":{"name":"find","arguments":${JSON.stringify({ long })}}}`,
    `__REDACTED__ ${long}`,
    `https://user:secret@example.com/?${'a=b&'.repeat(60)}`,
  ),
);
const word = fc.constantFrom(
  'user',
  'assistant',
  'tool',
  'system',
  'text',
  'reasoning',
  'tool-result',
  'chat_messages',
);
const { body } = fc.letrec<{ body: unknown; content: unknown; message: unknown; part: unknown }>((tie) => ({
  content: fc.oneof(
    { maxDepth: 3 },
    { weight: 4, arbitrary: words },
    fc.array(tie('part'), { maxLength: 3 }),
    tie('part'),
    tie('message'),
    fc.jsonValue(),
  ),
  part: fc.oneof(
    { maxDepth: 3 },
    { weight: 3, arbitrary: fc.record({ type: fc.constant('text'), text: words }) },
    fc.record(
      {
        type: word,
        text: tie('content'),
        content: tie('content'),
        value: tie('content'),
        toolCallId: fc.constant('call_1'),
        toolName: fc.constant('find'),
        output: fc.record({ type: word, value: tie('content') }),
        input: fc.record({ role: word, content: words }),
        data: tie('part'),
        finish_reason: word,
        cache_control: fc.constant({}),
        citationsContent: fc.record({ content: fc.array(tie('part'), { maxLength: 2 }) }),
        guardContent: fc.record({ text: tie('part') }),
        reasoningContent: fc.record({ reasoningText: tie('part') }),
      },
      { requiredKeys: ['type'] },
    ),
  ),
  message: fc.record(
    {
      role: word,
      content: tie('content'),
      name: words,
      tool_call_id: fc.constant('call_1'),
      tool_calls: fc.constant([
        { id: 'call_1', type: 'function', function: { name: 'find', arguments: '{"city":"Lisbon"}' } },
      ]),
      reasoning: fc.oneof(words, fc.array(tie('part'), { maxLength: 2 })),
      message: words,
      parts: fc.array(tie('part'), { maxLength: 2 }),
      type: word,
    },
    { requiredKeys: ['role', 'content'] },
  ),
  body: fc.oneof(
    fc.array(tie('message'), { maxLength: 4 }),
    fc.array(tie('part'), { maxLength: 4 }),
    tie('message'),
    tie('part'),
    fc.record(
      {
        model: fc.constant('gpt-5-mini'),
        messages: fc.array(tie('message'), { maxLength: 3 }),
        system: tie('content'),
        instructions: words,
        input: tie('content'),
        output: tie('content'),
        message: tie('message'),
        choices: fc.oneof(
          fc.array(fc.record({ message: tie('message'), finish_reason: word }), { maxLength: 2 }),
          fc.array(tie('part'), { maxLength: 2 }),
        ),
        results: fc.array(tie('part'), { maxLength: 2 }),
        generations: fc.array(tie('part'), { maxLength: 2 }),
        contents: tie('content'),
        tools: fc.constant([{ type: 'function', function: { name: 'find', description: long } }]),
        content: words,
        text: words,
      },
      { requiredKeys: [] },
    ),
  ),
}));

const IN_A_BODY = [
  {
    scope: 'ai',
    keys: ['ai.prompt.messages', 'ai.prompt'],
    others: { 'ai.operationId': 'ai.generateText.doGenerate' },
  },
  {
    scope: 'langfuse-sdk',
    keys: ['langfuse.observation.input', 'langfuse.observation.output'],
    others: { 'langfuse.observation.type': 'generation' },
  },
  {
    scope: '@arizeai/openinference-instrumentation-openai',
    keys: ['input.value', 'output.value'],
    others: {
      'openinference.span.kind': 'LLM',
      'llm.input_messages.0.message.role': 'user',
      'llm.input_messages.0.message.content': long,
    },
  },
  {
    scope: 'bench.ai',
    keys: ['gen_ai.input.messages', 'gen_ai.output.messages'],
    others: { 'gen_ai.operation.name': 'chat' },
  },
];

describe.each(IN_A_BODY)('content of any shape in $keys', ({ scope, keys, others }) => {
  it('is sent as the same bytes whether or not its texts are decoded', () => {
    fc.assert(
      fc.property(body, body, fc.constantFrom(2_000, 8e6), (asked, answered, maxBytes) => {
        const [input = '', output = ''] = keys;
        const attributes = {
          ...others,
          [input]: JSON.stringify(asked),
          [output]: JSON.stringify(answered),
        };
        const sent = (texts: TextForm) =>
          sentAs({ name: 'chat', scope, attributes }, { texts, privacyMode: false, maxBytes });
        expect(sent('recorded')).toBe(sent('decoded'));
      }),
      { numRuns: 600 },
    );
  });
});
