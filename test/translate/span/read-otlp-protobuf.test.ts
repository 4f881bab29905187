import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutOpenRouterTests } from '../../../src/gateway/admit/openrouter-tests.ts';
import { isLarge } from '../../../src/translate/reading/large-spans.ts';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { looksLikeModelCall } from '../../../src/translate/span/content-records.ts';
import { ProtobufError } from '../../../src/translate/span/protobuf/wire-reader.ts';
import { readOtlpJson, readOtlpLogsJson } from '../../../src/translate/span/read-otlp-json.ts';
import { readOtlpLogsProtobuf, readOtlpProtobuf } from '../../../src/translate/span/read-otlp-protobuf.ts';
import { estimateSpanBytes } from '../../../src/translate/span/span-bytes.ts';
import type { SpanView } from '../../../src/translate/span/span-view.ts';
import { otlpCall, otlpRequest } from '../../support/otlp-call.ts';
import { decodeOtlp, encodeOtlp } from '../../support/otlp-protobuf.ts';

const CORPUS = join(import.meta.dirname, '../../fixtures/corpus');

const recordings = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({ name, document: JSON.parse(readFileSync(join(CORPUS, name), 'utf8')) as object }));

describe('recorded requests read alike in protobuf and JSON', () => {
  it.each(recordings.filter(({ document }) => 'resourceSpans' in document))('$name', ({ document }) => {
    expect(saidBy(encodeOtlp('traces', document))).toEqual(readOtlpJson(document));
  });

  it.each(recordings.filter(({ document }) => 'resourceLogs' in document))('$name', ({ document }) => {
    expect(readOtlpLogsProtobuf(encodeOtlp('logs', document))).toEqual(readOtlpLogsJson(document));
  });
});

/** All that the views of a request say, whether they have read it already or not. */
function saidBy(bytes: Uint8Array): SpanView[] {
  return readOtlpProtobuf(bytes).spans.map((span) => {
    const { attributes, attributeNames } = span;
    if (attributeNames) expect(attributeNames.toSorted()).toEqual(Object.keys(attributes).sort());
    const { wireBytes: _, ...said } = { ...span, attributes };
    return said;
  });
}

/** Zeros alone stand for no id. */
const hex = (bytes: number) =>
  fc
    .oneof(
      { weight: 4, arbitrary: fc.uint8Array({ minLength: bytes, maxLength: bytes }) },
      { weight: 1, arbitrary: fc.constant(new Uint8Array(bytes)) },
    )
    .map((id) => Buffer.from(id).toString('hex'));
const nanos = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const key = fc.oneof(
  fc.string({ maxLength: 20, unit: 'grapheme' }),
  fc.constantFrom('__proto__', 'toString', 'gen_ai.usage.input_tokens'),
);
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.record({ stringValue: fc.string({ unit: 'grapheme' }) }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) }),
    fc.record({ doubleValue: fc.double({ noNaN: true }) }),
    fc.record({
      bytesValue: fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    }),
    fc.constant({}),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('value'), { maxLength: 3 }) }) }),
    fc.record({
      kvlistValue: fc.record({
        values: fc.array(fc.record({ key, value: tie('value') }), { maxLength: 3 }),
      }),
    }),
  ),
}));
const attributes = fc.array(fc.record({ key, value: anyValue }), { maxLength: 5 });
const scope = fc.record({ name: fc.string(), version: fc.string() }, { requiredKeys: [] });
const span = fc.record(
  {
    traceId: hex(16),
    spanId: hex(8),
    parentSpanId: hex(8),
    name: fc.string(),
    kind: fc.nat(7),
    flags: fc.nat(0x3ff),
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    droppedAttributesCount: fc.nat(9),
    attributes,
    events: fc.array(fc.record({ name: fc.string(), timeUnixNano: nanos, attributes }), { maxLength: 2 }),
    status: fc.record({ code: fc.nat(4), message: fc.string({ minLength: 1 }) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const log = fc.record(
  {
    traceId: hex(16),
    spanId: hex(8),
    eventName: fc.string({ minLength: 1 }),
    timeUnixNano: nanos,
    observedTimeUnixNano: nanos,
    body: anyValue,
    attributes,
  },
  { requiredKeys: [] },
);
const resource = fc.record({ attributes });
const traces = fc.record({
  resourceSpans: fc.array(
    fc.record({
      resource,
      scopeSpans: fc.array(fc.record({ scope, spans: fc.array(span, { maxLength: 3 }) }), { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
});
const logs = fc.record({
  resourceLogs: fc.array(
    fc.record({
      resource,
      scopeLogs: fc.array(fc.record({ scope, logRecords: fc.array(log, { maxLength: 3 }) }), {
        maxLength: 2,
      }),
    }),
    { maxLength: 2 },
  ),
});

describe('any request', () => {
  // What the library makes of the bytes, read as JSON, is what our reader makes of them.
  it('of spans reads as the library reads it', () => {
    fc.assert(
      fc.property(traces, (document) => {
        const bytes = encodeOtlp('traces', document);
        expect(saidBy(bytes)).toEqual(readOtlpJson(decodeOtlp('traces', bytes)));
      }),
    );
  });

  it('of log records reads as the library reads it', () => {
    fc.assert(
      fc.property(logs, (document) => {
        const bytes = encodeOtlp('logs', document);
        expect(readOtlpLogsProtobuf(bytes)).toEqual(readOtlpLogsJson(decodeOtlp('logs', bytes)));
      }),
    );
  });

  it('that is damaged reads as the library reads it, or is refused', () => {
    let both = 0;
    fc.assert(
      fc.property(
        traces,
        fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), { maxLength: 3 }),
        fc.nat(),
        (document, changes, cut) => {
          const bytes = encodeOtlp('traces', document).slice();
          for (const { at, byte } of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
          const damaged = bytes.subarray(0, cut % 3 === 0 ? cut % (bytes.length + 1) : bytes.length);
          const ours = attempt(() => saidBy(damaged));
          const library = attempt(() => readOtlpJson(decodeOtlp('traces', damaged)));
          if ('error' in ours) expect(ours.error).toBeInstanceOf(ProtobufError);
          if ('value' in ours && 'value' in library && isStrict(damaged)) {
            both += 1;
            expect(ours.value).toEqual(library.value);
          }
        },
      ),
      { numRuns: 2_000 },
    );
    expect(both).toBeGreaterThan(100);
  });
});

function attempt<T>(run: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
}

/** The library reads some forms by rules of its own: numbers that are too long, and texts that are no UTF-8. */
function isStrict(bytes: Uint8Array): boolean {
  return Buffer.from(Buffer.from(bytes).toString('utf8')).equals(Buffer.from(bytes));
}

it('of a span that is not of AI, the values of its attributes are not read', () => {
  const names = ['http.request.method', 'url.path', 'http.response.status_code', 'user_agent.original'];
  const document = otlpRequest([{ ...otlpCall(), attributes: names.map((key) => ({ key, value: {} })) }]);
  const [bare] = readOtlpProtobuf(encodeOtlp('traces', document)).spans;
  let reads = 0;
  const view = {
    ...bare,
    attributeNames: names,
    get attributes() {
      reads += 1;
      return {};
    },
  } as SpanView;
  expect(readCall(view)).toMatchObject({ type: 'foreign', facts: undefined });
  expect([estimateSpanBytes([view]) > 0, isLarge(view), looksLikeModelCall(view)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(withoutOpenRouterTests([view], 'drop')).toMatchObject({ tests: 0 });
  expect(reads).toBe(0);
  expect(readCall({ ...view, attributeNames: [...names, 'gen_ai.request.model'] }).type).toBe('call');
});
