import { describe, expect, it } from 'vitest';
import type { PostHogLLMSpanExporter } from '../../src/sdk/exporter/exporter.ts';
import { startChaosPostHog } from '../support/chaos-posthog.ts';
import { exportSpans } from '../support/export-spans.ts';
import { createExporterWithClock } from '../support/exporter-with-clock.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { chatAttributes, createSpanMaker } from '../support/real-spans.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { CHAOS_FACTOR, chaosSeed, seededRandom } from '../support/seeded-random.ts';
import { filesIn, freshDirectory } from '../support/spool.ts';
import { until } from '../support/until.ts';

const SPANS = 2_000 * CHAOS_FACTOR;

/** Reasons for which an event is lost although there is a spool: a server that lies about the event itself. */
const FINAL = ['bad-request', 'too-large'];

describe.each([
  ['without a spool', undefined],
  ['with a spool on failure', 'on-failure'],
  ['with a spool always', 'always'],
] as const)('a server with every known trouble, %s', (_, mode) => {
  it(
    'gets every span once, or the span is counted as lost',
    async () => {
      const seed = chaosSeed();
      const why = `seed ${seed}`;
      const random = seededRandom(seed);
      const chaos = await startChaosPostHog(random, 0.5);
      const directory = freshDirectory();
      const exporter = createExporterWithClock(
        {
          apiKey: 'phc_chaos',
          endpoint: chaos.posthog.url,
          timeoutMs: 150,
          deadlineMs: 60_000,
          maxRetries: 4,
          maxBatchBytes: 64 * 1024,
          maxInFlightBytes: 512 * 1024,
          logger: createRecordingLogger(),
          ...(mode === undefined ? {} : { spool: { directory, mode } }),
        },
        createFastClock(30, random),
      );
      const outcomes = await exportAll(exporter, random);
      chaos.calmDown();
      if (mode !== undefined) {
        await until(() => exporter.stats().spooled === 0 && filesIn(directory).length === 0);
      }
      const stats = exporter.stats();
      const startedMs = performance.now();
      await exporter.shutdown();
      expect(performance.now() - startedMs, why).toBeLessThan(20_000);

      // The account.
      expect(stats, why).toMatchObject({ seen: SPANS, filtered: 0, inFlight: 0, inFlightBytes: 0 });
      expect(stats.delivered + stats.dropped + stats.spooled, why).toBe(SPANS);
      const told = sum(outcomes.flatMap(({ error }) => Object.values(droppedOf(error))));
      expect(
        outcomes.filter(({ code, error }) => (code === 1) !== (error !== undefined)),
        why,
      ).toEqual([]);
      if (mode === undefined) {
        expect(told, why).toBe(stats.dropped);
      } else {
        // What was spooled first and refused later is in the account only.
        expect(told, why).toBeLessThanOrEqual(stats.dropped);
        const reasons = Object.keys(stats.droppedByReason);
        expect(
          reasons.filter((reason) => !FINAL.includes(reason)),
          why,
        ).toEqual([]);
        expect(stats.dropped, why).toBeLessThan(SPANS / 5);
      }

      // The truth. PostHog may have stored what was counted as lost, when its answers got lost; never the reverse.
      const stored = chaos.stored();
      const users = new Set([...stored.values()].map((event) => event['distinct_id']));
      expect(
        [...chaos.envelopes().values()].filter(({ size }) => size !== 1),
        why,
      ).toEqual([]);
      expect(users.size, why).toBe(stored.size);
      expect(stored.size, why).toBeGreaterThanOrEqual(stats.delivered);
      expect(SPANS - stored.size, why).toBeLessThanOrEqual(stats.dropped);
    },
    60_000 * CHAOS_FACTOR,
  );
});

/** Several exports at a time, of 1 to 100 spans. */
async function exportAll(exporter: PostHogLLMSpanExporter, random: () => number) {
  const maker = createSpanMaker();
  const pending: ReturnType<typeof exportSpans>[] = [];
  for (let number = 0; number < SPANS; ) {
    const size = Math.min(SPANS - number, 1 + Math.floor(random() * 100));
    const spans = Array.from({ length: size }, () => {
      const attributes = { ...chatAttributes('x'.repeat(random() * 2_000)), 'user.id': `user-${number++}` };
      return maker.make('chat', attributes);
    });
    pending.push(exportSpans(exporter, spans));
    if (random() < 0.6) await new Promise((resolve) => setTimeout(resolve, random() * 50));
  }
  return Promise.all(pending);
}

function droppedOf(error: Error | undefined): Record<string, number> {
  return (error as { droppedByReason?: Record<string, number> } | undefined)?.droppedByReason ?? {};
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
