import { describe, expect, it } from 'vitest';
import { fitEvent, fitSerialised } from '../../../src/translate/limits/fit-event.ts';
import { CONTENT_PROPERTIES } from '../../../src/translate/limits/trim-ladder.ts';
import { MAX_TRIM_ENTRIES, type Trim, type TrimAction } from '../../../src/translate/limits/trim-record.ts';
import type { EventProperties } from '../../../src/translate/posthog-event.ts';
import { base64, eventWith, KIB, MIB, prose, serialiseEvent, UNTOUCHABLE } from './events.ts';

interface Fitted {
  readonly properties: EventProperties;
  readonly trimmed: readonly Trim[];
  readonly json: Buffer;
}

/** Fits an event that is too large and checks what holds for every one. */
function trimTo(given: EventProperties, maxEventBytes: number): Fitted {
  const event = eventWith(given);
  const before = serialiseEvent(event)?.length ?? 0;
  expect(before).toBeGreaterThan(maxEventBytes);
  const result = fitEvent(event, maxEventBytes);
  if ('tooLarge' in result) throw new Error('too large');
  expect(result.json.length).toBeLessThanOrEqual(maxEventBytes);
  const { properties, ...envelope } = JSON.parse(result.json.toString());
  expect({ ...envelope, properties }).toMatchObject({ ...event, properties: UNTOUCHABLE });
  expect(properties.$ai_trimmed).toEqual(result.trimmed);
  const removedBytes = result.trimmed.reduce((sum, trim) => sum + trim.removedBytes, 0);
  const recordBytes = Buffer.byteLength(JSON.stringify({ $ai_trimmed: result.trimmed })) - 1;
  expect(before - removedBytes + recordBytes).toBe(result.json.length);
  return { properties, trimmed: result.trimmed, json: result.json };
}

const actionsOf = ({ trimmed }: Fitted): [string, TrimAction, number][] =>
  trimmed.map(({ property, action, count }) => [property, action, count]);

const message = (role: string, content: unknown) => ({ role, content });
const image = (bytes: number) =>
  message('user', [{ type: 'image', image: `data:image/png;base64,${base64(bytes)}` }]);
const contentsOf = (messages: unknown) => (messages as { content: unknown }[]).map(({ content }) => content);

describe('the ladder', () => {
  it('1: replaces media by notices, the oldest first, and no more than it must', () => {
    const input = [
      message('system', 'Look.'),
      image(60 * KIB),
      image(60 * KIB),
      message('user', prose(5 * KIB)),
    ];
    const fitted = trimTo({ $ai_input: input }, 120 * KIB);
    expect(actionsOf(fitted)).toEqual([['$ai_input', 'media', 1]]);
    expect(fitted.properties.$ai_input).toEqual([
      input[0],
      message('user', [{ type: 'image', image: '[removed: image/png, 61440 bytes]' }]),
      input[2],
      input[3],
    ]);
  });

  it('1: finds media within text, bare, and as numbers, in all content', () => {
    const data = base64(20 * KIB);
    const fitted = trimTo(
      {
        $ai_input: [message('user', `look: ![x](data:image/webp;base64,${data}) nice, ${data}`)],
        $ai_output_choices: [{ ...message('assistant', 'ok'), audio: { data } }],
        $ai_input_state: {
          type: 'Buffer',
          data: Array.from({ length: 20 * KIB }, (_, index) => index % 256),
        },
        $ai_output_state: { embedding: Array.from({ length: 3072 }, (_, index) => index / 7) },
      },
      4 * KIB,
    );
    const bytes = '20480 bytes';
    expect(fitted.properties).toMatchObject({
      $ai_input: [
        message('user', `look: ![x]([removed: image/webp, ${bytes}]) nice, [removed: base64 data, ${bytes}]`),
      ],
      $ai_output_choices: [
        { ...message('assistant', 'ok'), audio: { data: `[removed: base64 data, ${bytes}]` } },
      ],
      $ai_input_state: { type: 'Buffer', data: '[removed: 20480 numbers]' },
      $ai_output_state: { embedding: '[removed: 3072 numbers]' },
    });
    expect(new Set(fitted.trimmed.map(({ action }) => action))).toEqual(new Set(['media']));
  });

  const TOOL_RESULTS: [form: string, result: (text: string) => unknown][] = [
    ['a tool message', (text) => ({ ...message('tool', text), tool_call_id: 'call_1' })],
    ['a function message', (text) => ({ ...message('function', text), name: 'f' })],
    [
      'Anthropic',
      (text) =>
        message('user', [{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text }] }]),
    ],
    [
      'OpenTelemetry parts',
      (text) => ({ role: 'tool', parts: [{ type: 'tool_call_response', id: 'c', response: { text } }] }),
    ],
    ['OpenAI Responses', (text) => ({ type: 'function_call_output', call_id: 'c', output: text })],
  ];
  it.each(TOOL_RESULTS)('2: shortens long tool results, and nothing else: %s', (_, result) => {
    const question = message('user', prose(30 * KIB));
    const fitted = trimTo({ $ai_input: [question, result(prose(80 * KIB)), question] }, 90 * KIB);
    expect(actionsOf(fitted)).toEqual([['$ai_input', 'tool_results', 1]]);
    const [first, cut, last] = fitted.properties.$ai_input as unknown[];
    expect([first, last]).toEqual([question, question]);
    expect(JSON.stringify(cut)).toContain('…[truncated]…');
    expect(fitted.json.length).toBeGreaterThan(89 * KIB);
  });

  it('2: shortens the longest tool results to one length and leaves short ones', () => {
    const results = [100, 50, 3].map((kib) => message('tool', 'r'.repeat(kib * KIB)));
    const fitted = trimTo({ $ai_input: results }, 64 * KIB);
    const [longest, middle, short] = contentsOf(fitted.properties.$ai_input) as [string, string, string];
    expect(longest.length).toBe(middle.length);
    expect(short).toBe('r'.repeat(3 * KIB));
    expect(actionsOf(fitted)).toEqual([['$ai_input', 'tool_results', 2]]);
  });

  it('3: drops the oldest messages, but neither the system prompt nor the newest', () => {
    const turns = Array.from({ length: 50 }, (_, turn) =>
      message(turn % 2 ? 'assistant' : 'user', `${turn} ${'m'.repeat(2 * KIB)}`),
    );
    const system = [message('system', 's'.repeat(3 * KIB)), message('developer', 'd'.repeat(3 * KIB))];
    const fitted = trimTo({ $ai_input: [...system, ...turns] }, 32 * KIB);
    const kept = fitted.properties.$ai_input as unknown[];
    expect(kept.slice(0, 2)).toEqual(system);
    expect(kept.slice(2)).toEqual(turns.slice(-(kept.length - 2)));
    expect(kept.length).toBeGreaterThan(11);
    expect(actionsOf(fitted)).toEqual([['$ai_input', 'oldest_messages', 52 - kept.length]]);
  });

  it('3: drops messages before any content is cut, even if both are needed', () => {
    const input = [
      message('user', 'o'.repeat(20 * KIB)),
      message('assistant', 'a'),
      message('user', 'n'.repeat(60 * KIB)),
    ];
    const fitted = trimTo({ $ai_input: input }, 40 * KIB);
    expect(actionsOf(fitted)).toEqual([
      ['$ai_input', 'oldest_messages', 1],
      ['$ai_input', 'content', 1],
    ]);
    expect(contentsOf(fitted.properties.$ai_input)).toEqual([
      'a',
      expect.stringMatching(/^n+ …\[truncated\]… n+$/),
    ]);
  });

  it('3: does not drop short messages when one long text has to be cut anyway', () => {
    const short = Array.from({ length: 20 }, (_, turn) =>
      message(turn % 2 ? 'assistant' : 'user', `turn ${turn}`),
    );
    const fitted = trimTo({ $ai_input: [...short, message('user', prose(500 * KIB))] }, 100 * KIB);
    expect(actionsOf(fitted)).toEqual([['$ai_input', 'content', 1]]);
    expect((fitted.properties.$ai_input as unknown[]).slice(0, -1)).toEqual(short);
  });

  it('4: cuts the longest texts of all content to one length, from the middle', () => {
    const fitted = trimTo(
      {
        $ai_input: [message('user', `q${'i'.repeat(80 * KIB)}?`)],
        $ai_output_choices: [message('assistant', `a${'o'.repeat(60 * KIB)}.`)],
        $ai_tools: [{ type: 'function', function: { name: 'f', description: 'd'.repeat(2 * KIB) } }],
      },
      64 * KIB,
    );
    const [input] = contentsOf(fitted.properties.$ai_input) as [string];
    const [output] = contentsOf(fitted.properties.$ai_output_choices) as [string];
    expect(input).toMatch(/^qi+ …\[truncated\]… i+\?$/);
    expect(output).toMatch(/^ao+ …\[truncated\]… o+\.$/);
    expect(input.length).toBe(output.length);
    expect(JSON.stringify(fitted.properties.$ai_tools)).not.toContain('truncated');
    expect(fitted.json.length).toBeGreaterThan(62 * KIB);
  });

  it('4: makes a text of what is many small values', () => {
    const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, name: `row ${id}` }));
    const fitted = trimTo({ $ai_output_state: rows }, 100 * KIB);
    expect(actionsOf(fitted)).toEqual([['$ai_output_state', 'content', 1]]);
    expect(fitted.properties.$ai_output_state).toMatch(
      /^\[\{"id":0,"name":"row 0"\}.*…\[truncated\]….*"row 19999"\}\]$/,
    );
    expect(fitted.json.length).toBeGreaterThan(98 * KIB);
  });

  it('5: removes content altogether, the largest first, before anything else is touched', () => {
    const details = { $ai_error: 'e'.repeat(300), metadata_feature: 'm'.repeat(300), 'service.name': 'shop' };
    const content = Object.fromEntries(
      CONTENT_PROPERTIES.map((name, index) => [name, 'c'.repeat(250 - index)]),
    );
    const most = (serialiseEvent(eventWith({ ...details, ...content }))?.length ?? 0) - 400;
    const fitted = trimTo({ ...details, ...content }, most);
    expect(fitted.properties).toMatchObject(details);
    const kept = CONTENT_PROPERTIES.filter((name) => Object.hasOwn(fitted.properties, name));
    expect(kept.length).toBeLessThan(CONTENT_PROPERTIES.length - 1);
    expect(kept).toEqual(CONTENT_PROPERTIES.slice(CONTENT_PROPERTIES.length - kept.length));
  });

  it('6: cuts error text and custom values only after content', () => {
    const fitted = trimTo(
      {
        $ai_input: [message('user', prose(20 * KIB))],
        $ai_error: `E ${'e'.repeat(20 * KIB)}`,
        metadata_notes: 'n'.repeat(15 * KIB),
        metadata_feature: 'short',
        'service.name': 'shop',
      },
      16 * KIB,
    );
    expect(fitted.trimmed.map(({ property }) => property).slice(0, 1)).toEqual(['$ai_input']);
    const { $ai_input, $ai_error, metadata_notes } = fitted.properties;
    expect(JSON.stringify($ai_input ?? '').length).toBeLessThan(400);
    expect($ai_error).toMatch(/^E e+ …\[truncated\]… e+$/);
    expect(metadata_notes).toMatch(/^n+ …\[truncated\]… n+$/);
    expect(fitted.properties).toMatchObject({ metadata_feature: 'short', 'service.name': 'shop' });
  });

  it('6: spares a short conversation when custom values alone are too much', () => {
    const input = [message('user', 'What is the weather?'), message('assistant', 'Fine.')];
    const fitted = trimTo({ $ai_input: input, metadata_dump: { page: prose(900 * KIB) } }, 100 * KIB);
    expect(fitted.properties.$ai_input).toEqual(input);
    expect(actionsOf(fitted)).toEqual([['metadata_dump', 'content', 1]]);
  });

  it('7: removes custom values when they are too many, and sums them up', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key_${index}`, index]));
    const fitted = trimTo({ $ai_model_parameters: { temperature: 0.5 }, ...many }, 50 * KIB);
    expect(fitted.trimmed.length).toBeLessThanOrEqual(MAX_TRIM_ENTRIES);
    const removed = fitted.trimmed.reduce((sum, trim) => sum + trim.count, 0);
    const kept = Object.keys(fitted.properties).filter((name) => name.startsWith('key_')).length;
    expect(removed + kept).toBeGreaterThanOrEqual(5000);
    expect(fitted.trimmed.at(-1)).toMatchObject({ property: '*', action: 'removed' });
  });
});

describe('the record', () => {
  it('gives way when the limit leaves no room for it', () => {
    const given = {
      $ai_input: 'i'.repeat(10_000),
      $ai_output: 'o'.repeat(10_000),
      metadata_a: 'm'.repeat(10_000),
    };
    const smallest = serialiseEvent(eventWith({}))?.length ?? 0;
    const roomy = fitEvent(eventWith(given), smallest + 500);
    const outlined = fitEvent(eventWith(given), smallest + 200);
    const bare = fitEvent(eventWith(given), smallest);
    for (const result of [roomy, outlined, bare])
      expect(result).toHaveProperty('trimmed.length', expect.any(Number));
    const recordOf = (result: typeof bare) =>
      'json' in result && JSON.parse(result.json.toString()).properties.$ai_trimmed;
    expect(recordOf(roomy)).toContainEqual(
      expect.objectContaining({ property: '$ai_input', action: 'removed' }),
    );
    expect(recordOf(outlined)).toContainEqual(expect.objectContaining({ property: '*', action: 'removed' }));
    expect(recordOf(bare)).toBeUndefined();
    expect(fitEvent(eventWith(given), smallest - 1)).toEqual({ tooLarge: true });
  });

  it('adds up over trims to smaller and smaller limits', () => {
    const event = eventWith({
      $ai_input: [image(MIB), ...[800, 300, 100].map((kib) => message('user', prose(kib * KIB)))],
    });
    let result = fitEvent(event, 2.5 * MIB);
    let actions: string[] = [];
    for (const maxEventBytes of [900 * KIB, 100 * KIB, 10 * KIB]) {
      if ('tooLarge' in result) throw new Error('too large');
      result = fitSerialised(result.json, maxEventBytes);
      if ('tooLarge' in result) throw new Error('too large');
      expect(result.json.length).toBeLessThanOrEqual(maxEventBytes);
      expect(result.trimmed.every(({ action }) => action !== 'media')).toBe(true);
      const record: Trim[] = JSON.parse(result.json.toString()).properties.$ai_trimmed;
      expect(record.map(({ action }) => action).slice(0, actions.length)).toEqual(actions);
      actions = record.map(({ action }) => action);
    }
    expect(actions).toEqual(['media', 'oldest_messages', 'content']);
  });

  it('ignores a record of another shape', () => {
    for (const $ai_trimmed of [
      'x',
      [1, null, {}],
      [{ property: 'a', action: 'eaten', removedBytes: 1, count: 1 }],
      {},
    ]) {
      const result = fitEvent(eventWith({ $ai_trimmed, $ai_input: 'i'.repeat(10 * KIB) }), 4 * KIB);
      if ('tooLarge' in result) throw new Error('too large');
      expect(JSON.parse(result.json.toString()).properties.$ai_trimmed).toEqual(result.trimmed);
      expect(result.trimmed).toMatchObject([{ property: '$ai_input', action: 'content', count: 1 }]);
    }
  });

  it('shortens the names of properties', () => {
    const fitted = trimTo({ ['😀'.repeat(5000)]: 1, '\ud83d\ude00a': 2 }, 4 * KIB);
    expect(fitted.trimmed[0]?.property.length).toBeLessThanOrEqual(100);
    expect(fitted.trimmed[0]?.property).toMatch(/^(?:😀)+$/u);
  });
});

describe('input that is no event', () => {
  it.each(['', 'null', '[]', '{}', '{"properties":null}', '{"properties":[1]}', '{"a":', '"text"'])(
    '%j',
    (json) => {
      expect(fitSerialised(Buffer.from(json.padEnd(50)), 40)).toHaveProperty('tooLarge');
    },
  );
});
