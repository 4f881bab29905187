import { describe, expect, it } from 'vitest';
import type { RecentCall } from '../../../src/gateway/observe/recent-calls.ts';
import {
  type CallList,
  changeList,
  EMPTY_LIST,
  filterRows,
  type ListChange,
  MAX_ROWS,
  NO_FILTER,
} from '../../../src/gateway/page/app/call-list.ts';
import { serverSentEvents } from '../../../src/gateway/page/app/call-stream.ts';
import { readMessages } from '../../../src/gateway/page/app/read-messages.ts';
import { hashOf, placeOf } from '../../../src/gateway/page/app/use-place.ts';
import { waterfallLines } from '../../../src/gateway/page/app/waterfall.ts';

const call = (parts: Partial<RecentCall>): RecentCall => ({
  id: `${parts.destination ?? 'product'}/${parts.spanId ?? 'a'}`,
  destination: 'product',
  at: '2026-11-30T12:00:00.000Z',
  event: '$ai_generation',
  sender: '',
  service: 'shop',
  name: 'chat',
  model: 'gpt-4o',
  provider: 'openai',
  inputTokens: 1,
  outputTokens: 2,
  costUsd: undefined,
  latencySeconds: 1,
  isError: false,
  traceId: 't',
  spanId: 'a',
  fate: 'on its way',
  ...parts,
});

const listAfter = (...changes: readonly ListChange[]): CallList => changes.reduce(changeList, EMPTY_LIST);
const came = (...calls: readonly RecentCall[]): ListChange => ({ type: 'calls', calls });
const spansOf = ({ rows }: CallList) => rows.map(({ calls: [first] }) => first.spanId);

describe('the list', () => {
  it('has the newest first, and one row for a span at several destinations', () => {
    const list = listAfter(
      came(call({ spanId: 'a' }), call({ spanId: 'b' })),
      came(call({ spanId: 'a', destination: 'spend' })),
      came(call({ spanId: 'a', fate: 'taken' })),
    );
    expect(spansOf(list)).toEqual(['b', 'a']);
    expect(list.rows[1]?.calls.map(({ destination, fate }) => [destination, fate])).toEqual([
      ['product', 'taken'],
      ['spend', 'on its way'],
    ]);
  });

  it('keeps what comes while it is paused, and shows it after', () => {
    const paused = listAfter(came(call({ spanId: 'a' })), { type: 'pause' }, came(call({ spanId: 'b' })));
    expect(spansOf(paused)).toEqual(['a']);
    expect(spansOf(changeList(paused, { type: 'resume' }))).toEqual(['b', 'a']);
  });

  it('shows nothing again that was cleared, neither a new fate nor after a new connection', () => {
    const cleared = listAfter(
      came(call({ spanId: 'a' })),
      { type: 'clear' },
      came(call({ spanId: 'a', fate: 'taken' })),
    );
    expect(cleared.rows).toEqual([]);
    const connected = changeList(cleared, {
      type: 'list',
      calls: [call({ spanId: 'b' }), call({ spanId: 'a' })],
    });
    expect(spansOf(connected)).toEqual(['b']);
  });

  it('is bounded', () => {
    const many = Array.from({ length: MAX_ROWS + 20 }, (_, index) => call({ spanId: `span-${index}` }));
    expect(spansOf(listAfter(came(...many)))).toHaveLength(MAX_ROWS);
    expect(spansOf(listAfter(came(...many)))[0]).toBe(`span-${MAX_ROWS + 19}`);
    expect(listAfter({ type: 'pause' }, came(...many, ...many)).waiting.length).toBeLessThanOrEqual(
      2 * MAX_ROWS,
    );
  });

  it.each([
    ['words in any order', { text: 'SHOP gpt' }, ['a', 'b']],
    ['a word that is nowhere', { text: 'gpt nowhere' }, []],
    ['a model', { model: 'o3' }, ['c']],
    ['failed calls', { status: 'error' }, ['b']],
    ['a fate', { status: 'lost' }, ['c']],
    ['a destination', { destination: 'spend' }, ['c']],
    ['model calls', { kind: 'calls' }, ['a', 'b']],
  ] as const)('is filtered by %s', (_what, filter, wanted) => {
    const list = listAfter(
      came(
        call({ spanId: 'c', model: 'o3', destination: 'spend', fate: 'lost', event: '$ai_span' }),
        call({ spanId: 'b', isError: true }),
        call({ spanId: 'a' }),
      ),
    );
    const rows = filterRows(list.rows, { ...NO_FILTER, ...filter });
    expect(rows.map(({ calls: [first] }) => first.spanId)).toEqual(wanted);
  });
});

describe('the address of the page', () => {
  it.each([
    { hash: '', place: { view: 'calls', call: undefined } },
    { hash: '#senders', place: { view: 'senders', call: undefined } },
    { hash: '#calls/abc%2Fdef%2F%24ai_generation', place: { view: 'calls', call: 'abc/def/$ai_generation' } },
    { hash: '#calls/', place: { view: 'calls', call: undefined } },
    { hash: '#calls/%E0%A4%A', place: { view: 'calls', call: undefined } },
    { hash: '#destinations/abc', place: { view: 'destinations', call: undefined } },
    { hash: '#nowhere', place: { view: 'calls', call: undefined } },
    { hash: '#calls/<img src=x>', place: { view: 'calls', call: '<img src=x>' } },
  ])('$hash', ({ hash, place }) => {
    expect(placeOf(hash)).toEqual(place);
    expect(placeOf(hashOf(placeOf(hash)))).toEqual(placeOf(hash));
  });
});

describe('the waterfall', () => {
  const span = (spanId: string, parentSpanId: string | undefined, startMs?: number, endMs?: number) => ({
    spanId,
    parentSpanId,
    name: spanId,
    scope: '',
    startMs,
    endMs,
    isError: false,
  });

  it('has spans below their parents by time, with bars in percent of the whole', () => {
    const lines = waterfallLines([
      span('late', 'root', 1_050, 1_100),
      span('early', 'root', 1_000, 1_050),
      span('root', 'in another process', 1_000, 1_100),
      span('inner', 'early', 1_010, 1_020),
    ]);
    expect(lines.map(({ span: { spanId }, depth, left, width }) => [spanId, depth, left, width])).toEqual([
      ['root', 0, 0, 100],
      ['early', 1, 0, 50],
      ['inner', 2, 10, 10],
      ['late', 1, 50, 50],
    ]);
  });

  it('shows every span once, however damaged the trace is', () => {
    const lines = waterfallLines([
      span('a', 'b', 5, 1),
      span('b', 'a'),
      span('c', 'c', 1, 2),
      span('c', undefined),
    ]);
    expect(lines.map(({ span: { spanId } }) => spanId).sort()).toEqual(['a', 'b', 'c']);
    expect(lines.every(({ left, width }) => left >= 0 && left + width <= 100)).toBe(true);
    expect(waterfallLines([])).toEqual([]);
  });
});

describe('messages', () => {
  it.each([
    ['a text', 'Hello', [{ role: 'input', parts: [{ type: 'text', text: 'Hello' }] }]],
    ['nothing', undefined, []],
    [
      "OpenAI's tool calls",
      [
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ function: { name: 'find', arguments: '{"id":1}' } }],
        },
      ],
      [{ role: 'assistant', parts: [{ type: 'tool call', name: 'find', input: { id: 1 } }] }],
    ],
    [
      'parts',
      [
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm' },
            { type: 'text', text: 'Yes' },
            { type: 'tool_use', name: 'find', input: { id: 1 } },
            { type: 'image_url', image_url: {} },
          ],
        },
      ],
      [
        {
          role: 'assistant',
          parts: [
            { type: 'thinking', text: 'Hm' },
            { type: 'text', text: 'Yes' },
            { type: 'tool call', name: 'find', input: { id: 1 } },
            { type: 'other', label: 'image_url', value: { type: 'image_url', image_url: {} } },
          ],
        },
      ],
    ],
    ['an empty message', [{ role: 'user', content: null }], [{ role: 'user', parts: [] }]],
  ])('are read: %s', (_what, value, wanted) => {
    expect(readMessages(value, 'input')).toEqual(wanted);
  });
});

it('reads server-sent events, wherever they are cut', async () => {
  const bytes = new TextEncoder().encode(': open\n\nevent: call\ndata: {"name":"é"}\n\ndata: 2\n\ndata: cut');
  for (const size of [1, 3, bytes.length]) {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
    const events: string[] = [];
    for await (const data of serverSentEvents(body)) events.push(data);
    expect(events).toEqual(['{"name":"é"}', '2']);
  }
});
