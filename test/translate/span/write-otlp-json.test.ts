import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinLogRecords } from '../../../src/pipeline/log-content/join-log-records.ts';
import { readOtlpJson, readOtlpLogsJson } from '../../../src/translate/span/read-otlp-json.ts';
import type { SpanView } from '../../../src/translate/span/span-view.ts';
import { writeOtlpJson } from '../../../src/translate/span/write-otlp-json.ts';

const CORPUS = join(import.meta.dirname, '../../fixtures/corpus');
const recordings = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.json'),
);

/** As a file holds it. */
const written = (spans: readonly SpanView[]): unknown => JSON.parse(JSON.stringify(writeOtlpJson(spans)));

describe('spans that are written as OTLP/JSON', () => {
  it('are read the same again, for every recording', () => {
    let count = 0;
    for (const name of recordings) {
      const spans = readOtlpJson(JSON.parse(readFileSync(join(CORPUS, name), 'utf8')));
      expect(readOtlpJson(written(spans)), name).toEqual(spans);
      count += spans.length;
    }
    expect(count).toBeGreaterThan(500);
  });

  it('keep every value that an attribute can have', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        fc.boolean(),
        fc.double().map((value) => value + 0 || 0),
        fc.integer(),
        fc.constant(undefined),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(fc.string({ minLength: 1 }), tie('any'), { maxKeys: 4 }).map((map) => ({ ...map })),
      ),
    })).any;
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), value), (attributes) => {
        const spans = [spanWith({ attributes: { ...attributes } })];
        expect(readOtlpJson(written(spans))).toEqual(spans);
      }),
    );
  });

  it('come with the log records that hold their content', () => {
    const body = { role: 'user', content: 'What is the weather in Paris?' };
    const attributes = { 'gen_ai.system': 'openai' };
    const spans = [
      spanWith({
        events: [
          { name: 'first_token', timeMs: 1_790_000_000_500, attributes: {} },
          { name: 'gen_ai.user.message', timeMs: 1_790_000_000_000.25, attributes, body },
        ],
      }),
    ];
    const document = written(spans);
    const [span] = joinLogRecords(readOtlpJson(document), readOtlpLogsJson(document));
    expect(span?.events).toEqual([
      { name: 'first_token', timeMs: 1_790_000_000_500, attributes: {} },
      expect.objectContaining({
        name: 'gen_ai.user.message',
        timeMs: 1_790_000_000_000.25,
        attributes,
        body,
      }),
    ]);
  });
});

function spanWith(parts: Partial<SpanView>): SpanView {
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    parentSpanId: undefined,
    parentIsRemote: false,
    name: 'chat gpt-4o',
    kind: 'client',
    startTimeMs: 1_790_000_000_000,
    endTimeMs: 1_790_000_001_000.5,
    status: { code: 'error', message: 'HTTP 500' },
    attributes: {},
    events: [],
    resource: { 'service.name': 'shop' },
    scope: { name: 'openai', version: '1.2.3' },
    droppedAttributes: 2,
    droppedEvents: 0,
    ...parts,
  };
}
