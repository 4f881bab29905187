import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PostHogLLMSpanExporter } from '../../src/sdk/exporter/exporter.ts';
import { PostHogLLMLogRecordProcessor } from '../../src/sdk/logs/log-record-processor.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import type { LoopbackPostHog } from '../support/loopback-posthog.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { sdkLogRecordsOfOtlp, sdkSpansOfOtlp } from '../support/sdk-of-otlp.ts';
import { destination, gatewayOfTest, TEST_KEY } from './gateway-of-test.ts';
import { TRANSPORTS } from './support/transports.ts';

/** Set by `npm run check:transports`: another folder, of which every recording is taken. */
const GIVEN = process.env['TRANSPORT_RECORDINGS'];
const FOLDER = GIVEN ?? join(import.meta.dirname, '../fixtures/corpus');
/** In the suite a part of them, evenly. */
const STEP = GIVEN === undefined ? 20 : 1;

const OPTIONS = { compression: 'none' } as const;

const read = (path: string): object | undefined =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as object) : undefined;

const recordings = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json') && !name.endsWith('.logs.json'))
  .sort()
  .map((name) => ({ name, spans: read(join(FOLDER, name)) ?? {} }))
  .filter(({ spans }) => 'resourceSpans' in spans)
  .filter((_, index) => index % STEP === 0)
  .map(({ name, spans }) => ({
    name,
    spans,
    logs: read(join(FOLDER, name.replace(/(\.spans)?\.json$/, '.logs.json'))),
  }));

/** The requests to PostHog, as they were written. */
const bodiesOf = (posthog: LoopbackPostHog) => posthog.requests.map(({ body }) => body?.toString());

/** The events of an exporter in the process that made the spans. */
async function bodiesOfExporter(spans: object, logs: object | undefined) {
  const posthog = await loopbackOfTest();
  const exporter = new PostHogLLMSpanExporter({
    apiKey: TEST_KEY,
    endpoint: posthog.url,
    logger: createRecordingLogger(),
    ...OPTIONS,
  });
  const processor = new PostHogLLMLogRecordProcessor(exporter);
  for (const record of logs ? sdkLogRecordsOfOtlp(logs) : []) processor.onEmit(record);
  await new Promise<void>((resolve) => exporter.export(sdkSpansOfOtlp(spans) as never, () => resolve()));
  await exporter.shutdown();
  return bodiesOf(posthog);
}

it.each(recordings)(
  'events of $name are those of the exporter, byte for byte, over every transport',
  async ({ spans, logs }) => {
    const expected = await bodiesOfExporter(spans, logs);
    for (const [name, send] of Object.entries(TRANSPORTS)) {
      const [posthog, other] = [await loopbackOfTest(), await loopbackOfTest()];
      const destinations = [
        destination({ options: { endpoint: posthog.url, ...OPTIONS } }),
        destination({ name: 'other', options: { endpoint: other.url, ...OPTIONS } }),
      ];
      const gateway = await gatewayOfTest(destinations, {
        listen: { grpc: { host: '127.0.0.1', port: 0 } },
        limits: { maxInFlightBytes: 256 * 1024 * 1024, maxTraces: 1_000, waitForLogsMs: 0 },
      });
      if (logs) await send(gateway, 'logs', logs);
      await send(gateway, 'traces', spans);
      expect(bodiesOf(posthog), name).toEqual(expected);
      expect(bodiesOf(other), `${name}, another destination`).toEqual(expected);
      await gateway.gateway.stop();
    }
  },
);
