import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { resolveConfig } from '../../../src/config/resolve-config.ts';
import { readingOptions } from '../../../src/translate/read-safely.ts';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { createSharedReads, type SharedReads } from '../../../src/translate/reading/shared-reads.ts';
import type { SpanView } from '../../../src/translate/span/span-view.ts';
import { createTraceMemory } from '../../../src/translate/trace/trace-memory.ts';
import { translateBatch } from '../../../src/translate/translate-batch.ts';
import { type TranslateOptions, translateOptionsOf } from '../../../src/translate/translate-options.ts';
import { readSpans } from '../../corpus/pipeline.ts';
import { listFolders, readRecordings } from '../../corpus/recordings.ts';
import { span } from '../../support/spans.ts';

const optionsOf = (options: object): TranslateOptions =>
  translateOptionsOf(resolveConfig({ apiKey: 'phc_test', ...options }, {}), () => 8e6);

/** Some are read alike, others in a form of their own. */
const OPTIONS: readonly TranslateOptions[] = [
  optionsOf({}),
  optionsOf({ samplingRate: 0.5 }),
  optionsOf({ includeAttributes: ['gen_ai.*'] }),
  optionsOf({ privacyMode: true }),
  optionsOf({ redact: ['email'] }),
  optionsOf({ rules: { field: 'kind', operator: 'equals', value: 'generation' } }),
];

/** A destination, and which of the spans it gets. */
interface Reader {
  readonly options: TranslateOptions;
  readonly gets: (span: SpanView, index: number) => boolean;
}

const reader: fc.Arbitrary<Reader> = fc.record({
  options: fc.constantFrom(...OPTIONS),
  gets: fc.constantFrom(
    () => true,
    (_: SpanView, index: number) => index % 2 === 0,
    () => false,
  ),
});

/** What each reader sends. The readers take turns, in an order that `next` decides. */
function sentBy(
  readers: readonly Reader[],
  spans: readonly SpanView[],
  sharedReads: SharedReads | undefined,
  next: (waiting: number) => number,
): readonly (readonly string[])[] {
  const prepared = readers.map(({ options, gets }) => {
    const mine = spans.filter(gets);
    const shared = sharedReads?.readerFor(readingOptions(options));
    shared?.announce(mine);
    const input = { spans: mine, extras: [], memory: createTraceMemory(), read: shared?.read };
    return { steps: translateBatch(input, options), sent: [] as string[] };
  });
  for (let waiting = [...prepared]; waiting.length > 0; ) {
    const taken = waiting[next(waiting.length)];
    const step = taken?.steps.next();
    if (step?.done) waiting = waiting.filter((each) => each !== taken);
    else if (step?.value.type === 'failed') taken?.sent.push('failed');
    else if (step?.value.type === 'event' && 'json' in step.value.fitted)
      taken?.sent.push(step.value.fitted.json.toString());
  }
  return prepared.map(({ sent }) => sent);
}

it('readers of the same spans send the bytes that each would send alone', () => {
  const turns = fc.infiniteStream(fc.nat({ max: 1_000 }));
  const recording = fc.constantFrom(...listFolders().flatMap(readRecordings));
  fc.assert(
    fc.property(fc.array(reader, { minLength: 2, maxLength: 4 }), recording, turns, (readers, of, turn) => {
      const inTurns = (waiting: number): number => (turn.next().value ?? 0) % waiting;
      const alone = readers.flatMap((each) => sentBy([each], readSpans(of), undefined, () => 0));
      expect(sentBy(readers, readSpans(of), createSharedReads(), inTurns)).toEqual(alone);
    }),
    { numRuns: 300 },
  );
});

/** A span that counts how often its attributes are asked for. */
function counted(): { readonly view: SpanView; readonly count: () => number } {
  let count = 0;
  const view = span({ attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' } });
  const { attributes } = view;
  Object.defineProperty(view, 'attributes', {
    get: () => {
      count += 1;
      return attributes;
    },
  });
  return { view, count: () => count };
}

const once = counted();
readCall(once.view, {});
/** What one reading asks for. */
const ONE = once.count();

it.each([
  { readers: [{}, {}, {}], announcing: 3, readings: 1 },
  { readers: [{}, {}, {}], announcing: 1, readings: 3 },
  { readers: [{}, { texts: 'recorded' }], announcing: 2, readings: 2 },
  { readers: [{}, { includeAttributes: ['a'] }, {}], announcing: 3, readings: 2 },
] as const)(
  '$readers that $announcing announce is read $readings times',
  ({ readers, announcing, readings }) => {
    const reads = createSharedReads();
    const { view, count } = counted();
    const all = readers.map((options) => reads.readerFor(options));
    for (const each of all.slice(0, announcing)) each.announce([view]);
    const calls = all.map((each) => {
      const result = each.read(view);
      return result.type === 'call' ? result.call : undefined;
    });
    expect(Math.round(count() / ONE)).toBe(readings);
    expect(new Set(calls).size).toBe(readers.length);
  },
);

it('what all have read is not kept', () => {
  const reads = createSharedReads();
  const { view, count } = counted();
  const [one, other] = [reads.readerFor({}), reads.readerFor({})];
  for (const each of [one, other]) each.announce([view]);
  for (const each of [one, other, one]) each.read(view);
  expect(Math.round(count() / ONE)).toBe(2);
});
