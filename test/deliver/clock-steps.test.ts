import { SpanStatusCode } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PostHogLLMSpanExporterOptions } from '../../src/config/options.ts';
import { systemClock } from '../../src/deliver/clock.ts';
import { createLogContentStore } from '../../src/pipeline/log-content/log-content-store.ts';
import { PostHogLLMSpanProcessor } from '../../src/sdk/processor/span-processor.ts';
import { exportSpans } from '../support/export-spans.ts';
import { createExporterWithClock } from '../support/exporter-with-clock.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import type { Scripted } from '../support/loopback-posthog.ts';
import { chatAttributes, createSpanMaker } from '../support/real-spans.ts';
import { span } from '../support/spans.ts';
import { ALL, freshDirectory, startSpool } from '../support/spool.ts';
import { until } from '../support/until.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { sampleEvents } from './sample-events.ts';

const DAY_MS = 86_400_000;
const STEPS = [
  ['a day on', DAY_MS],
  ['a day back', -DAY_MS],
] as const;

afterEach(() => vi.useRealTimers());

/** Sets `Date` and nothing else: timers and the monotonic clock go on. */
function stepDate(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
}

const quiet = { error() {}, warn() {}, info() {}, debug() {} };
const chat = createSpanMaker().make('chat', chatAttributes());

/** What one export does when the date is set at its second request: its requests and waits, and how it ends. */
async function exportWithStep(
  answer: Scripted,
  stepMs: number,
  options: Partial<PostHogLLMSpanExporterOptions> = {},
) {
  const clock = createVirtualClock();
  const posthog = await loopbackOfTest({
    respond: (_, index) => {
      if (index === 1) clock.stepDate(stepMs);
      return index < 4 ? answer : undefined;
    },
  });
  const exporter = createExporterWithClock(
    { apiKey: 'phc_clock', endpoint: posthog.url, logger: quiet, deadlineMs: 600_000, ...options },
    clock,
  );
  const { code } = await exportSpans(exporter, [chat]);
  const { delivered, droppedByReason } = exporter.stats();
  await exporter.shutdown();
  const waits = clock.waits.filter((ms) => ms > 0);
  return { code, delivered, droppedByReason, requests: posthog.requests.length, waits };
}

describe.each(STEPS)('a clock that is set %s', (_, stepMs) => {
  const dates = { date: 'Thu, 01 Jan 2026 00:00:00 GMT' };
  it.each<[string, Scripted, Partial<PostHogLLMSpanExporterOptions>]>([
    ['the waits before retries', { do: 'answer', status: 503 }, {}],
    ['a deadline', { do: 'answer', status: 503 }, { deadlineMs: 3_000, maxRetries: 100 }],
    ['Retry-After in seconds', { do: 'answer', status: 429, headers: { 'retry-after': '7' } }, {}],
    [
      'Retry-After as a date',
      { do: 'answer', status: 429, headers: { ...dates, 'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT' } },
      {},
    ],
  ])('changes nothing of %s', async (_what, answer, options) => {
    const without = await exportWithStep(answer, 0, options);
    expect(without.requests).toBeGreaterThan(2);
    expect(await exportWithStep(answer, stepMs, options)).toEqual(without);
  });

  it('moves neither the monotonic clock nor a sleep', async () => {
    const beforeMs = systemClock.monotonicMs();
    const sleeping = systemClock.sleep(20);
    stepDate(stepMs);
    await sleeping;
    const passedMs = systemClock.monotonicMs() - beforeMs;
    expect(passedMs).toBeGreaterThanOrEqual(18);
    expect(passedMs).toBeLessThan(DAY_MS / 2);
  });

  it('lets the span processor export a batch after its delay all the same', async () => {
    const posthog = await loopbackOfTest();
    const processor = new PostHogLLMSpanProcessor({
      apiKey: 'phc_clock',
      endpoint: posthog.url,
      logger: quiet,
      scheduledDelayMs: 50,
    });
    const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('clock');
    const open = tracer.startSpan('chat', { attributes: chatAttributes() });
    tracer.startSpan('chat', { attributes: chatAttributes() }).end();
    stepDate(stepMs);
    open.setStatus({ code: SpanStatusCode.OK }).end();
    await until(() => posthog.events.length === 2);
    await processor.shutdown();
    // What is said of the span is by its own clock, which steps do not move.
    for (const { properties } of posthog.events) {
      const latencyS = Number(Object(properties)['$ai_latency']);
      expect(latencyS).toBeGreaterThanOrEqual(0);
      expect(latencyS).toBeLessThan(3_600);
    }
  });

  it('drops no log record that waits for its span', () => {
    const store = createLogContentStore({ maxHeldBytes: 1024 * 1024, maxAgeMs: 60_000 });
    const record = (spanId: string) => ({
      name: 'gen_ai.user.message',
      body: { content: 'x' },
      attributes: {},
      timeMs: 0,
      traceId: '1'.repeat(32),
      spanId,
      scopeName: 's',
    });
    store.hold(record('a'.repeat(16)));
    stepDate(stepMs);
    store.hold(record('b'.repeat(16)));
    const spans = ['a', 'b'].map((id) => span({ traceId: '1'.repeat(32), spanId: id.repeat(16) }));
    expect(store.join(spans).map(({ events }) => events.length)).toEqual([1, 1]);
  });

  it('between two runs loses nothing of the spool, and ages go on from what they were', async () => {
    const directory = freshDirectory();
    const maxAgeMs = 7 * DAY_MS;
    const first = startSpool({ directory, maxAgeMs });
    await first.spool.write(sampleEvents(3));
    const clock = createVirtualClock({ mode: 'manual' });
    clock.stepDate(stepMs);
    const later = startSpool({ directory, maxAgeMs, clock });
    await later.spool.tidy();
    expect(later.lost).toEqual([]);
    const held = await later.spool.claim(ALL);
    expect(held.flatMap(({ events }) => events)).toHaveLength(3);
    for (const file of held) await file.release(file.events);
    clock.advance(maxAgeMs - Math.max(0, stepMs));
    await later.spool.tidy();
    expect(later.lost).toEqual([]);
    clock.advance(1);
    await later.spool.tidy();
    expect(later.lost).toMatchObject([{ events: 3, reason: 'spool-expired' }]);
  });

  it('during a run neither ages a file nor hides what the disk refuses', async () => {
    const clock = createVirtualClock({ mode: 'manual' });
    const { spool, lost, logger } = startSpool({ directory: '/proc/spool', maxAgeMs: 60_000, clock });
    await spool.write(sampleEvents(1));
    clock.stepDate(stepMs);
    await spool.write(sampleEvents(1));
    expect(logger.lines).toHaveLength(1);
    clock.advance(60_000);
    await spool.write(sampleEvents(1));
    expect(logger.lines).toHaveLength(2);
    expect(lost).toEqual([]);

    const kept = startSpool({ maxAgeMs: 60_000, clock });
    await kept.spool.write(sampleEvents(1));
    clock.stepDate(stepMs);
    await kept.spool.tidy();
    await kept.spool.write(sampleEvents(1));
    await kept.spool.tidy();
    expect(kept.lost).toEqual([]);
    clock.advance(60_001);
    await kept.spool.tidy();
    expect(kept.lost.reduce((sum, { events }) => sum + events, 0)).toBe(2);
  });
});
