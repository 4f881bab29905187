import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve-config.ts';
import { readOtlpJson } from '../../src/translate/span/read-otlp-json.ts';
import type { SpanView } from '../../src/translate/span/span-view.ts';
import { createTraceMemory } from '../../src/translate/trace/trace-memory.ts';
import { translateBatch } from '../../src/translate/translate-batch.ts';
import { type TranslateOptions, translateOptionsOf } from '../../src/translate/translate-options.ts';
import { CORPUS } from '../corpus/recordings.ts';
import { mutateAttributes } from '../support/mutate.ts';
import { chaosSeed, seededRandom } from '../support/seeded-random.ts';
import { threadCpuMs } from '../support/thread-cpu.ts';

// Recorded spans with hostile changes: none throws, none takes more CPU than its budget, and each event is JSON that
// PostHog takes. `npm run fuzz` does more of it, and over ../shared/corpus where that is. CHAOS_SEED repeats a run.

const ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? 1);
const FOLDERS = [CORPUS, ...(process.env['FUZZ_CORPUS'] ?? '').split(',').filter((folder) => folder !== '')];

const MIB = 1024 * 1024;
const MAX_EVENT_BYTES = 8 * MIB;

/**
 * CPU for one span of up to half a MiB, which takes a few milliseconds; and what one may take that is an object without
 * end, of which as much is read as fills the largest event.
 */
const BUDGET_MS = 10_000;

const OPTIONS: Readonly<Record<string, TranslateOptions>> = {
  'the defaults': optionsOf({}),
  'privacy mode': optionsOf({ privacyMode: true }),
  redactors: optionsOf({ redact: ['email', 'api_key', 'credit_card'] }),
};

function optionsOf(options: object): TranslateOptions {
  return translateOptionsOf(resolveConfig({ apiKey: 'phc_fuzz', ...options }, {}), () => MAX_EVENT_BYTES);
}

function* recordedSpans(): Generator<readonly [name: string, spans: readonly SpanView[]]> {
  for (const root of FOLDERS.filter((folder) => existsSync(folder))) {
    for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
      if (!/(?<!truth|expected|manifest|logs|package)\.json$/.test(path)) continue;
      const request: unknown = JSON.parse(readFileSync(join(root, path), 'utf8'));
      if (typeof request === 'object' && request !== null && 'resourceSpans' in request)
        yield [path, readOtlpJson(request)];
    }
  }
}

function mutate(span: SpanView, random: () => number): SpanView {
  const attributes = mutateAttributes(span.attributes, random);
  const events = span.events.map((event) =>
    random() < 0.3 ? { ...event, attributes: mutateAttributes(event.attributes, random) } : event,
  );
  const resource = random() < 0.1 ? mutateAttributes(span.resource, random) : span.resource;
  return { ...span, attributes, events, resource };
}

describe.each(Object.entries(OPTIONS))('recorded spans with hostile changes, with %s', (_, options) => {
  it('give valid events, each within its budget', () => {
    const seed = chaosSeed();
    const random = seededRandom(seed);
    let spans = 0;
    let events = 0;
    for (const [name, recorded] of recordedSpans()) {
      for (let round = 0; round < ROUNDS; round++) {
        const mutated = recorded.map((span) => (random() < 0.5 ? mutate(span, random) : span));
        const where = `${name}, CHAOS_SEED=${seed}`;
        const startMs = threadCpuMs();
        const input = { spans: mutated, extras: [], memory: createTraceMemory() };
        for (const step of translateBatch(input, options)) {
          if (step.type !== 'event') continue;
          events += 1;
          expect(step.fitted, where).toHaveProperty('json');
          if (!('json' in step.fitted)) continue;
          expect(step.fitted.json.length, where).toBeLessThanOrEqual(MAX_EVENT_BYTES);
          expect(JSON.parse(step.fitted.json.toString()), where).toMatchObject({
            event: expect.stringMatching(/^\$ai_/),
            distinct_id: expect.stringMatching(/./s),
            uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
          });
        }
        expect(threadCpuMs() - startMs, where).toBeLessThan(BUDGET_MS + mutated.length * 100);
        spans += mutated.length;
      }
    }
    expect(spans).toBeGreaterThan(100);
    expect(events).toBeGreaterThan(100);
  }, 600_000);
});
