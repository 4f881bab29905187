import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventProperties } from '../../../src/translate/posthog-event.ts';
import { applyPrivacy, type ContentPolicy } from '../../../src/translate/privacy/apply-privacy.ts';
import type { MaskContext } from '../../../src/translate/privacy/mask.ts';
import { REDACTORS } from '../../../src/translate/privacy/redactors.ts';
import { isLinear } from '../../support/linear-time.ts';
import { callWith, eventOf, eventWith, frozen } from './support/calls.ts';

const SENT: ContentPolicy = { privacyMode: false, media: 'remove' };
const WITHHELD: ContentPolicy = { privacyMode: true, media: 'remove' };

function treat(properties: EventProperties, policy: ContentPolicy): EventProperties {
  return applyPrivacy(eventWith(properties), undefined, policy).properties;
}

const PNG = `data:image/png;base64,${'iVBORw0KGgo'.padEnd(400, 'A1b')}`;

describe('order', () => {
  it('is media, then redact, then mask', () => {
    const seen: string[] = [];
    const mask = (text: string) => {
      seen.push(text);
      return `<${text}>`;
    };
    const text = `see ${PNG} from a@example.com`;
    const { $ai_input } = treat(
      { $ai_input: [{ role: 'user', content: text }] },
      { ...SENT, redact: REDACTORS, mask },
    );
    expect(seen).toEqual(['see [image/png 300 B removed] from [email]']);
    expect($ai_input).toEqual([{ role: 'user', content: `<${seen[0]}>` }]);
  });

  it('asks no mask about what privacy mode removes or reduces', () => {
    const mask = () => {
      throw new Error('must not be called');
    };
    const properties = {
      $ai_input: 'x',
      $ai_error: 'y',
      $ai_tools: [{ type: 'function', function: { name: 'f' } }],
    };
    const treated = treat(properties, { ...WITHHELD, mask, redact: REDACTORS });
    expect(treated).toEqual({ $ai_tools: [{ type: 'function', function: { name: 'f' } }] });
  });
});

describe('the same event comes back', () => {
  const call = callWith({
    input: [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }],
    output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Hi' }] }],
    tools: [{ name: 'f', parameters: { type: 'object' } }],
    baseUrl: 'https://api.openai.com/v1',
    parameters: { temperature: 1, stop: ['x'] },
    error: { type: 'Error', message: 'broken' },
    trace: { metadata: { plan: 'pro', nested: { list: [1, { a: 'b' }] } } },
    extraAttributes: { 'input.value': 'x', 'url.full': 'https://x.example/a?b=c' },
  });

  it.each<[string, ContentPolicy]>([
    ['when nothing applies', SENT],
    ['when no redactor finds anything', { ...SENT, redact: REDACTORS }],
    ['when the mask changes nothing', { ...SENT, mask: (text) => text }],
    ['when media are kept', { ...SENT, media: 'keep' }],
  ])('%s', (_name, policy) => {
    const event = eventOf(call);
    expect(applyPrivacy(event, call, policy)).toBe(event);
  });

  it('in privacy mode when there is no content', () => {
    const event = eventOf(callWith({ model: 'gpt-4o', trace: { metadata: { plan: 'pro' } } }));
    expect(applyPrivacy(event, undefined, WITHHELD)).toBe(event);
  });

  it('and only what changes is copied', () => {
    const kept = { role: 'user', content: 'Hello' };
    const input = frozen([kept, { role: 'user', content: 'a@example.com' }]);
    const { $ai_input } = treat({ $ai_input: input }, { ...SENT, redact: REDACTORS });
    expect($ai_input).toEqual([kept, { role: 'user', content: '[email]' }]);
    expect(($ai_input as unknown[])[0]).toBe(kept);
    expect(input[1]).toEqual({ role: 'user', content: 'a@example.com' });
  });
});

describe('mask', () => {
  it('gets kind, role and call', () => {
    const call = callWith({
      input: [
        { role: 'system', parts: [{ type: 'text', text: 'be kind' }] },
        {
          role: 'assistant',
          parts: [{ type: 'tool_call', id: 'c1', name: 'f', arguments: { city: 'Paris' } }],
        },
        { role: 'tool', parts: [{ type: 'tool_result', id: 'c1', result: 'sunny' }] },
      ],
      output: [{ role: 'assistant', parts: [{ type: 'text', text: 'It is sunny.' }], finishReason: 'stop' }],
      tools: [
        {
          name: 'f',
          description: 'weather',
          parameters: { type: 'object', properties: { city: { type: 'string' } } },
        },
      ],
      parameters: { temperature: 1, service_tier: 'default', stop: ['END'], user: 'jane' },
      error: { type: 'Error', message: 'broken' },
    });
    const seen: [string, string, string | undefined][] = [];
    const mask = (text: string, context: MaskContext) => {
      expect(context.call).toBe(call);
      seen.push([text, context.kind, context.role]);
      return text;
    };
    applyPrivacy(eventOf(call), call, { ...SENT, mask });
    expect(seen).toEqual([
      ['be kind', 'input', 'system'],
      ['', 'input', 'assistant'],
      ['Paris', 'input', 'assistant'],
      ['sunny', 'input', 'tool'],
      ['It is sunny.', 'output', 'assistant'],
      ['weather', 'tools', undefined],
      ['END', 'parameters', undefined],
      ['jane', 'parameters', undefined],
      ['broken', 'error', undefined],
    ]);
  });

  it('sees the texts of embeddings, states and listed attributes', () => {
    const kinds: string[] = [];
    const mask = (text: string, { kind }: MaskContext) => {
      kinds.push(kind);
      return text;
    };
    const policy: ContentPolicy = { ...SENT, mask };
    applyPrivacy(eventWith({ $ai_input: ['one', 'two'] }, '$ai_embedding'), undefined, policy);
    applyPrivacy(
      eventWith({ $ai_input_state: { a: ['x'] }, $ai_output_state: 'y' }, '$ai_span'),
      undefined,
      policy,
    );
    applyPrivacy(eventWith({ 'input.value': 'z', $ai_feedback_text: 'good' }), undefined, policy);
    expect(kinds).toEqual(['embedding', 'embedding', 'input_state', 'output_state', 'input', 'feedback']);
  });

  it('keeps messages readable for PostHog even when everything becomes stars', () => {
    const call = callWith({
      input: [
        {
          role: 'user',
          name: 'jane',
          parts: [
            { type: 'text', text: 'x' },
            { type: 'media', modality: 'image', source: { kind: 'url', url: 'https://x.example' } },
          ],
        },
      ],
      output: [
        {
          role: 'assistant',
          parts: [{ type: 'tool_call', id: 'c1', name: 'f', arguments: '{"a":1}' }],
          finishReason: 'tool_calls',
        },
      ],
    });
    const { properties } = applyPrivacy(eventOf(call), call, { ...SENT, mask: () => '*' });
    expect(properties.$ai_input).toEqual([
      {
        role: 'user',
        name: 'jane',
        content: [
          { type: 'text', text: '*' },
          { type: 'image', image: '*' },
        ],
      },
    ]);
    expect(properties.$ai_output_choices).toEqual([
      {
        role: 'assistant',
        content: '*',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '*' } }],
        finish_reason: 'tool_calls',
      },
    ]);
  });

  it.each<[string, ContentPolicy['mask']]>([
    [
      'throws',
      () => {
        throw new Error('mask');
      },
    ],
    ['returns nothing', (() => undefined) as never],
    ['returns a number', (() => 1) as never],
    ['returns an object', (() => ({ toString: () => 'secret' })) as never],
    ['returns a promise', (async () => 'secret') as never],
    ['returns a promise that fails', (async () => Promise.reject(new Error('mask'))) as never],
  ])('that %s removes the value', async (_name, mask) => {
    const { $ai_input, $ai_model } = treat(
      { $ai_input: [{ role: 'user', content: 'secret' }], $ai_model: 'm' },
      { ...SENT, mask },
    );
    expect($ai_input).toEqual([{ role: 'user', content: '[masked]' }]);
    expect($ai_model).toBe('m');
    await new Promise((resolve) => setImmediate(resolve));
  });
});

describe('redact', () => {
  it('reaches names of members and numbers', () => {
    const state = {
      'a@example.com': 4111111111111111,
      small: 4111,
      big: 9007199254740993n.toString().length,
    };
    const { $ai_input_state } = treat({ $ai_input_state: state }, { ...SENT, redact: REDACTORS });
    expect($ai_input_state).toEqual({ '[email]': '[credit_card]', small: 4111, big: 16 });
  });

  it('does not reach what is no content', () => {
    const properties = {
      $ai_user: 'a@example.com',
      metadata_contact: 'a@example.com',
      $ai_span_name: 'mail a@example.com',
    };
    expect(treat(properties, { ...SENT, redact: REDACTORS })).toEqual(properties);
  });

  it('leaves files alone that are sent', () => {
    const input = [{ role: 'user', content: [{ type: 'image', image: `${PNG}+12345678901/` }] }];
    expect(treat({ $ai_input: input }, { ...SENT, media: 'keep', redact: REDACTORS }).$ai_input).toBe(input);
  });
});

describe('names of spans', () => {
  const input = [{ role: 'user', content: 'Please summarise my divorce papers for the court' }];
  it.each<[string, unknown]>([
    ['chat gpt-4o', 'chat gpt-4o'],
    ['get_weather', 'get_weather'],
    ['Please summarise my divorce', 'generation'],
    ['Please summarise my div…', 'generation'],
    ['summarise my divorce papers...', 'generation'],
    ['x'.repeat(201), 'generation'],
    ['two\nlines', 'generation'],
  ])('%s', (name, sent) => {
    expect(treat({ $ai_input: input, $ai_span_name: name }, WITHHELD).$ai_span_name).toBe(sent);
    expect(treat({ $ai_input: input, $ai_span_name: name }, SENT).$ai_span_name).toBe(name);
  });
});

describe('headers and addresses', () => {
  it('never travel with custom properties', () => {
    const properties = {
      metadata_headers: { authorization: 'Bearer x' },
      metadata_deep: { request: { headers: { cookie: 'x' }, path: '/a' } },
      'http.request.header.authorization': ['x'],
      metadata_api_key: 'x',
      metadata_plan: 'pro',
    };
    expect(treat(properties, SENT)).toEqual({
      metadata_deep: { request: { path: '/a' } },
      metadata_plan: 'pro',
    });
  });

  it('lose their credentials', () => {
    const properties = {
      $ai_base_url: 'https://u:p@api.example.com/v1?key=k',
      'url.full': 'https://x.example/?a=b&key=k',
    };
    expect(treat(properties, SENT)).toEqual({
      $ai_base_url: 'https://api.example.com/v1',
      'url.full': 'https://x.example/?a=b&key=removed',
    });
  });
});

describe('observer', () => {
  it('gets which properties were changed, and how', () => {
    const seen: [string, string][] = [];
    const properties = {
      $ai_input: 'x',
      $ai_error: 'y z',
      $ai_error_type: 'E',
      $ai_model: 'm',
      metadata_a: { 'input.value': 'x', b: 1 },
      $ai_output_state: Object.defineProperty({}, 'boom', {
        enumerable: true,
        get: () => {
          throw new Error('boom');
        },
      }),
    };
    const observer = (property: string, action: string) => seen.push([property, action]);
    applyPrivacy(eventWith(properties), undefined, WITHHELD, observer);
    expect(seen).toEqual([
      ['$ai_input', 'removed'],
      ['$ai_error', 'removed'],
      ['metadata_a.input.value', 'removed'],
      ['$ai_output_state', 'removed'],
    ]);
    seen.length = 0;
    applyPrivacy(eventWith(properties), undefined, { ...SENT, mask: () => '*' }, observer);
    expect(seen).toEqual([
      ['$ai_input', 'filtered'],
      ['$ai_error', 'filtered'],
      ['metadata_a.input.value', 'filtered'],
      ['$ai_output_state', 'removed after an error'],
    ]);
  });
});

const SECRET = 'TOP-SECRET';

function cyclic(): unknown {
  const value: Record<string, unknown> = { text: SECRET };
  value.self = value;
  value.list = [value, value];
  return value;
}

function nestedTo(depth: number): unknown {
  let value: unknown = SECRET;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { inner: value };
  return value;
}

/** Values that no recording should hold, built anew for each test. */
const HOSTILE: Readonly<Record<string, () => unknown>> = {
  'a cycle': cyclic,
  'a thousand levels': () => nestedTo(1000),
  'a hundred thousand levels': () => nestedTo(100_000),
  'a getter that throws': () =>
    Object.defineProperty({ a: SECRET }, 'b', {
      enumerable: true,
      get: () => {
        throw new Error(SECRET);
      },
    }),
  'a proxy that throws': () =>
    new Proxy(
      { a: SECRET },
      {
        ownKeys: () => {
          throw new Error(SECRET);
        },
      },
    ),
  'a revoked proxy': () => {
    const { proxy, revoke } = Proxy.revocable({ a: SECRET }, {});
    revoke();
    return proxy;
  },
  'a toJSON that throws': () => ({
    a: SECRET,
    toJSON: () => {
      throw new Error(SECRET);
    },
  }),
  'a toJSON that returns itself': () => {
    const value = { a: SECRET, toJSON: (): unknown => value };
    return value;
  },
  'an own __proto__': () => JSON.parse(`{"__proto__":{"a":"${SECRET}"},"b":"${SECRET}"}`),
  'a null prototype': () => Object.assign(Object.create(null), { a: SECRET }),
  'many members': () => Array.from({ length: 1_100_000 }, () => SECRET),
  'a tree that shares its branches': () => {
    let value: unknown = SECRET;
    for (let level = 0; level < 40; level++) value = [value, value];
    return value;
  },
  'a typed array': () => new TextEncoder().encode(SECRET.repeat(20)),
  'a String object': () => new String(SECRET),
  'a symbol, a function, a bigint': () => [Symbol(SECRET), () => SECRET, 12345678901234567890n],
  'a map': () => new Map([[SECRET, SECRET]]),
  'lone surrogates': () => `${SECRET}\uD800\uDC00\uD800`,
};

describe('hostile values', () => {
  it('let nothing leave that a getter adds while the event is treated', () => {
    const properties = {
      get aaa() {
        Object.assign(properties, { 'gen_ai.input.messages': 'secret' });
        return 1;
      },
      $ai_input: 'secret',
    };
    expect(treat(properties, WITHHELD)).toEqual({ aaa: 1 });
  });

  const everywhere = (value: unknown) =>
    eventWith({
      $ai_model: 'm',
      $ai_input: value,
      $ai_output_choices: [{ role: 'assistant', content: value }],
      $ai_tools: value,
      $ai_error: value,
      $ai_model_parameters: value,
      'input.value': value,
    });

  it.each(Object.entries(HOSTILE))('%s', (_name, build) => {
    const withheld = applyPrivacy(everywhere(build()), undefined, WITHHELD);
    expect(safeJson(withheld)).not.toContain(SECRET);
    expect(withheld.properties.$ai_model).toBe('m');

    const masked = applyPrivacy(everywhere(build()), undefined, {
      ...SENT,
      redact: REDACTORS,
      mask: () => '*',
    });
    expect(safeJson(masked)).not.toContain(SECRET);
    expect(masked.properties.$ai_model).toBe('m');
  });

  it.each(Object.entries(HOSTILE))('%s as custom metadata', (_name, build) => {
    const event = eventWith({ $ai_model: 'm', metadata_a: build(), metadata_b: { 'input.value': build() } });
    const { properties } = applyPrivacy(event, undefined, WITHHELD);
    expect(properties.$ai_model).toBe('m');
    expect(properties.metadata_b ?? {}).toEqual({});
  });

  it('that are long texts take time in proportion to their length', () => {
    const work = (repeats: number) => {
      const text = 'All work and no play makes Jack a dull boy; '.repeat(repeats);
      const event = eventWith({ $ai_input: [{ role: 'user', content: text }] });
      expect(applyPrivacy(event, undefined, SENT)).toBe(event);
    };
    expect(isLinear(work, 60_000)).toBe(true);
  });

  it('properties that cannot be read at all leave nothing behind', () => {
    const properties = new Proxy(
      { $ai_input: SECRET },
      {
        ownKeys: () => {
          throw new Error(SECRET);
        },
      },
    );
    expect(applyPrivacy(eventWith(properties), undefined, SENT).properties).toEqual({});
  });

  it('keeps the prototype of its results clean', () => {
    const value = JSON.parse('{"__proto__":{"polluted":"a@example.com"},"x":"a@example.com"}');
    const { $ai_input_state } = treat({ $ai_input_state: value }, { ...SENT, redact: REDACTORS });
    expect(Object.getPrototypeOf($ai_input_state)).toBe(Object.prototype);
    expect(JSON.stringify($ai_input_state)).toBe('{"__proto__":{"polluted":"[email]"},"x":"[email]"}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('any event', () => {
  const json = fc.jsonValue({ depthSize: 'medium' });
  const withSecrets = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constant(SECRET),
      json,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.oneof(
          fc.constant(SECRET),
          fc.string(),
          fc.constantFrom('role', 'content', 'type', 'data', '__proto__'),
        ),
        tie('value'),
        { maxKeys: 4 },
      ),
    ),
  })).value;
  const contentName = fc.constantFrom(
    ...[
      '$ai_input',
      '$ai_output_choices',
      '$ai_input_state',
      '$ai_output_state',
      '$ai_error',
      '$ai_feedback_text',
    ],
    ...[
      'input.value',
      'metadata_input.value',
      'gen_ai.prompt.0.content',
      'metadata_headers',
      'exception.message',
    ],
  );

  it('has no content in privacy mode, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.dictionary(contentName, withSecrets),
        fc.dictionary(fc.string(), json),
        (content, other) => {
          const event = frozen(eventWith({ ...other, ...content, $ai_error_type: 'E' }));
          const { properties } = applyPrivacy(event, undefined, WITHHELD);
          expect(JSON.stringify(properties)).not.toContain(SECRET);
        },
      ),
    );
  });

  it('is never written to, never makes it throw, and is masked throughout', () => {
    fc.assert(
      fc.property(fc.dictionary(contentName, withSecrets), (content) => {
        const before = structuredClone(content);
        const event = frozen(eventWith(content));
        const policy: ContentPolicy = {
          ...SENT,
          redact: REDACTORS,
          mask: (text) => text.replaceAll(SECRET, '*'),
        };
        const after = applyPrivacy(event, undefined, policy);
        expect(event.properties).toEqual(before);
        expect(textsOf(after.properties)).not.toContain(SECRET);
      }),
    );
  });
});

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  // Words that hold a message together are not masked.
  return Object.entries(value).flatMap(([key, held]) =>
    key === 'role' || key === 'type' ? [] : textsOf(held),
  );
}

/** JSON text; bigints and cycles, which JSON cannot hold, become words. */
function safeJson(value: unknown): string {
  const seen = new Set<unknown>();
  return JSON.stringify(value, (_key, held) => {
    if (typeof held === 'bigint') return 'bigint';
    if (typeof held !== 'object' || held === null) return held;
    if (seen.has(held)) return 'again';
    seen.add(held);
    return held;
  });
}
