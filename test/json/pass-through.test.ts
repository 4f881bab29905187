import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordedMessage } from '../../src/json/recorded-message.ts';
import type { TextForm } from '../../src/translate/call/messages.ts';
import { RecordedTextPart, RecordedToolCallPart } from '../../src/translate/call/recorded-parts.ts';
import { toChatMessages } from '../../src/translate/event/chat-messages.ts';
import { toEvent } from '../../src/translate/event/to-event.ts';
import { fitEvent } from '../../src/translate/limits/fit-event.ts';
import { scanMessages } from '../../src/translate/messages/scan-messages.ts';
import { applyPrivacy } from '../../src/translate/privacy/apply-privacy.ts';
import { readCall } from '../../src/translate/reading/read-call.ts';
import { span } from '../support/spans.ts';

/** Two of them must not leave as they are. */
const TOOLS: readonly string[] = [
  JSON.stringify([
    { type: 'function', name: 'find', description: '"Finds"', parameters: { type: 'object' } },
  ]),
  JSON.stringify([{ type: 'function', function: { name: 'odd', description: 'half a pair: \ud83d' } }]),
  JSON.stringify([
    { name: 'file', parameters: { default: `data:image/png;base64,${'iVBORw0KGgo'.repeat(90)}` } },
  ]),
  'not json [',
];

/** How the span is read, and what is done with what was read. */
interface Way {
  readonly texts: TextForm;
  readonly tools: string;
  readonly privacyMode: boolean;
  readonly maxBytes: number;
}

/** What is sent for a span with these recordings. */
function sentFor(input: string, output: string, { texts, tools, privacyMode, maxBytes }: Way): string {
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'gpt-5-mini',
    'gen_ai.tool.definitions': tools,
    'gen_ai.input.messages': input,
    'gen_ai.output.messages': output,
  };
  const result = readCall(span({ attributes }), { texts });
  if (result.type !== 'call') throw new Error('the span must be a call');
  const event = toEvent(result.call, { metadataPrefix: '', maxMetadataDepth: 5 });
  const fitted = fitEvent(applyPrivacy(event, result.call, { media: 'remove', privacyMode }), maxBytes);
  return 'json' in fitted ? fitted.json.toString('hex') : 'too large';
}

/** Every set of tools is met many times, so that what is remembered of it is sent as well. */
let turn = 0;

function expectSame(input: string, output = '[]', maxBytes = 8e6): void {
  turn += 1;
  const tools = TOOLS[turn % TOOLS.length] ?? '';
  for (const privacyMode of [false, true]) {
    const way = { tools, privacyMode, maxBytes };
    const recorded = sentFor(input, output, { ...way, texts: 'recorded' });
    expect(recorded).toBe(sentFor(input, output, { ...way, texts: 'decoded' }));
  }
}

const LONG = 'It was a dark night; the "rain" fell\nin torrents. '.repeat(8);
const BASE64 = Buffer.from(Array.from({ length: 900 }, (_, index) => (index * 7919) % 251)).toString(
  'base64',
);

/**
 * Texts in which something stands that must not be passed on as it is, or that looks so: the lower byte of some letters
 * is a sign of JSON.
 */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        LONG,
        'é€😀',
        '\ud83d',
        '\u0000\u001f',
        '\\',
        '"',
        '\\"',
        '/',
        '\\u0041',
        '\u2028',
        '\n\t\r\b\f',
        'Ģ Ŝ Ċ Ĭ ś Ā',
      ),
      fc.constantFrom(BASE64, BASE64.replaceAll('/', '\\/'), `data:image/png;base64,${BASE64}`, ';base64,'),
      fc.constantFrom('__REDACTED__', 'https://user:secret@example.com/?token=x', '\u0001left out\u0001'),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 4 },
  )
  .map((pieces) => pieces.join(''));

/** Arguments of a tool call, with names and values that may not leave as they are or would be written otherwise. */
const given = fc.dictionary(
  fc.oneof(
    fc.constantFrom('city', 'url', 'data', 'image', 'type', 'mime_type', 'href', '7', '10', '__proto__', ''),
    fc.string(),
  ),
  fc.oneof(
    fc.constantFrom(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB',
      'https://user:secret@example.com/',
      'image',
      'image/png',
    ),
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.constantFrom(true, false, null),
  ),
  { maxKeys: 4, noNullPrototype: true },
);

const part = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('text'), content: text }) },
  fc.record({ type: fc.constant('reasoning'), content: text }),
  fc.record({
    type: fc.constant('tool_call_response'),
    id: fc.constantFrom('', 'call_1', 'data:;base64,QUJDREVGRw==', '\ud83d'),
    response: fc.oneof(text, fc.jsonValue()),
  }),
  {
    weight: 3,
    arbitrary: fc.record(
      {
        type: fc.constant('tool_call'),
        id: fc.constantFrom('call_1', 'call_2', '', 'data:;base64,QUJDREVGRw=='),
        name: fc.oneof(fc.constantFrom('find', 'get_weather'), text),
        arguments: fc.oneof(given, given, text, fc.jsonValue()),
      },
      { requiredKeys: ['type', 'name'] },
    ),
  },
  fc.record({ type: fc.constant('blob'), modality: fc.constant('image'), content: fc.constant(BASE64) }),
  fc.record({ content: text, type: fc.constant('text'), extra: fc.jsonValue() }),
  fc.jsonValue(),
);

const message = fc.record(
  {
    role: fc.constantFrom('user', 'assistant', 'model', 'tool', '', 'Ann\n', 'data:;base64,QUJDREVGRw=='),
    parts: fc.array(part, { maxLength: 4 }),
    name: fc.constantFrom('', 'Ann'),
    finish_reason: fc.constantFrom('stop', 'tool_call', ''),
    other: fc.jsonValue(),
  },
  { requiredKeys: ['role', 'parts'] },
);

const json = fc
  .tuple(fc.array(message, { maxLength: 4 }), fc.constantFrom(undefined, 1, '\t'), fc.boolean())
  .map(([messages, indent, isAscii]) => {
    const written = JSON.stringify(messages, undefined, indent);
    const asEscape = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
    return isAscii ? written.replaceAll(/[\u0080-\uffff/]/g, asEscape) : written;
  });

/** The same with one place damaged: JSON that was cut off, signs too many, raw control characters, a letter for a sign. */
const damaged = fc
  .tuple(
    json,
    fc.nat(),
    fc.nat(8),
    fc.constantFrom('', '"', '\\', '\u0001', '\n', ',', '}', '[', '\0', ' ', 'Ĭ', 'Ģ', 'ś'),
  )
  .map(([whole, place, removed, added]) => {
    const at = place % (whole.length + 1);
    return whole.slice(0, at) + added + whole.slice(at + removed);
  });

describe('content that is passed on as it was recorded', () => {
  it.each([
    '{"type":"text","content":"abc","id":}',
    '{"type":"text","content":}',
    '{"type":"text","content":"abc","content":"def"}',
    '{"type":"tool_call_response","id":"call_1","response":null}',
    '{"type":"tool_call","id":"call_1","name":"find","arguments":null}',
    '{"type":"tool_call","id":"call_1","name":"find","arguments":{"a":1,"a":2}}',
    '{"type":"tool_call","id":"call_1","name":"find","arguments":{"b":1,"2":2,"1":3}}',
    '{"type":"tool_call","id":"call_1","name":"find","arguments":{"__proto__":1,"b":2}}',
    '{"type":"tool_call","id":"call_1","name":"find","arguments":{"a":1.0,"b":-0,"c":1e3,"d":1E400}}',
    '{"type":"tool_call","id":"call_1","name":"find","arguments":{"a":01}}',
    '{"type":"tool_call","id":"call_1","name":"find","arguments":{"a":Infinity}}',
    '{"type":"tool_call","id":"call_1","name":"find","arguments":{"a": 1 }}',
    '{"type":"tool_call","id":"call_1","name":"find","arguments":{"a":1,}}',
    '{"type":"tool_call","id":"call_1","name":"find","arguments":{"a":"\\u0041"}}',
    '{"type":"tool_call","id":"call_1","name":"find","arguments":{}}',
    '{"type":"tool_call","id":"call_1","name":"find","arguments":""}',
    '{"type":"tool_call","id":"call_1","name":"","arguments":{"a":1}}',
    '{"type":"tool_call","id":"","name":"find","arguments":{"a":1}}',
    '{"type":"tool_call","id":"call_1","name":"find","arguments":{"a":1},"content":"abc"}',
    '{"type":"tool_call","id":"call_1","name":"find","arguments":{"type":"image","data":"iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB","mime_type":"image/png"}}',
    '{"type":"tool_call","id":"call_1","name":"find","arguments":{"url":"https://user:secret@example.com/"}}',
    '{"type":"text","content":"abc"Ĭ"type":"text"}',
    '{"type":"text","content":"abc"Ž',
    '{"type":"tool_call","id":"call_1","name":"find","arguments":{"a":1Ĭ"b":2}}',
  ])('is not taken from %s when that reads otherwise', (part) => {
    expectSame(`[{"role":"user","parts":[{"type":"text","content":"first"},${part}]}]`);
  });

  it.each([
    '{"role":"user","role":"tool","parts":[{"type":"text","content":"abc"}]}',
    '{"role":"user","parts":[{"type":"text","content":"abc"}],"parts":[{"type":"text","content":"def"}]}',
    '{"role":"user","name":"Ann","name":"Bo","parts":[{"type":"text","content":"abc"}]}',
    '{"role":"user","finish_reason":"stop","finish_reason":"","parts":[{"type":"text","content":"abc"}]}',
    '{"role":"user","name":"Ann","finish_reason":"stop","parts":[]}',
  ])('is not taken from the message %s when that reads otherwise', (message) => {
    expectSame(`[${message}]`);
  });

  it.each([
    '{"role":"tool","parts":[]}',
    '{"role":"tool","parts":[],"finish_reason":"stop"}',
    '{"role":"tool","parts":[],"name":"find"}',
    '{"role":"assistant","parts":[],"finish_reason":"stop"}',
    '{"role":"user","parts":[]}',
  ])('is the same beside the message %s, which has no parts', (message) => {
    expectSame(`[{"role":"user","parts":[{"type":"text","content":"abc"}]},${message}]`);
  });

  it('is looked through for files, whatever was looked through before', () => {
    const asking = (content: string) =>
      JSON.stringify([{ role: 'user', parts: [{ type: 'text', content }] }]);
    expectSame(asking(LONG), asking(`${LONG} ${BASE64}`));
    expectSame(asking(`${BASE64} ${LONG}`), asking(LONG));
    expectSame(asking(LONG), asking(LONG));
    const way: Way = { texts: 'recorded', tools: '[]', privacyMode: false, maxBytes: 8e6 };
    const sent = Buffer.from(sentFor(asking(LONG), asking(`${LONG} ${BASE64}`), way), 'hex').toString();
    expect(sent).toContain('removed]');
    expect(sent).not.toContain(BASE64);
  });

  it('is sent as the same bytes as content that is decoded', () => {
    fc.assert(
      fc.property(json, json, (input, output) => expectSame(input, output)),
      { numRuns: 150 },
    );
  });

  it('is sent as the same bytes when its JSON is damaged', () => {
    fc.assert(
      fc.property(damaged, damaged, (input, output) => expectSame(input, output)),
      { numRuns: 200 },
    );
  });

  it('is trimmed to the same bytes', () => {
    const limit = fc.integer({ min: 600, max: 3000 });
    fc.assert(
      fc.property(json, limit, (input, maxBytes) => expectSame(input, '[]', maxBytes)),
      { numRuns: 120 },
    );
  });

  it('is what happens to the usual recording', () => {
    const written = JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: LONG }] }]);
    const [only] = scanMessages(written, 'user') ?? [];
    expect(only?.parts[0]).toBeInstanceOf(RecordedTextPart);
    expect(only?.parts[0]).toMatchObject({ type: 'text', text: LONG });
  });

  it('is what happens to the usual calls of tools', () => {
    const call = { type: 'tool_call', id: 'call_1', name: 'find', arguments: { city: 'Lisbon', days: 2.5 } };
    const written = JSON.stringify([{ role: 'assistant', parts: [call, call], finish_reason: 'tool_call' }]);
    const [only] = scanMessages(written, 'user') ?? [];
    expect(only?.parts).toEqual([expect.any(RecordedToolCallPart), expect.any(RecordedToolCallPart)]);
    expect(only?.parts[0]).toMatchObject(call);
    expect(toChatMessages(only ? [only] : [])).toEqual([expect.any(RecordedMessage)]);
    expectSame(written, written);
  });

  it.each([4, 70, 700].map((repeats) => ({ repeats })))(
    'reads $repeats long texts one after the other',
    ({ repeats }) => {
      // More than the scratch memory holds, then less again.
      const long = JSON.stringify([
        { role: 'user', parts: [{ type: 'text', content: LONG.repeat(repeats * 10) }] },
      ]);
      const short = JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: LONG }] }]);
      expectSame(long, short);
    },
  );
});
