import { expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve-config.ts';
import { createPipeline } from '../../src/pipeline/pipeline.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { span } from '../support/spans.ts';
import { eventsIn, filesIn, freshDirectory } from '../support/spool.ts';

const MIB = 1024 * 1024;
const SPANS = 400;
const TEXT = 'Which jacket for the rain? '.repeat(400);

const spans = Array.from({ length: SPANS }, (_, index) =>
  span({
    traceId: (index + 1).toString(16).padStart(32, '0'),
    spanId: (index + 1).toString(16).padStart(16, '0'),
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: TEXT }] }]),
    },
  }),
);

it('what a sender waits for is stored as a whole, in files of a MiB and more, however slow the machine', async () => {
  const directory = freshDirectory();
  const posthog = await loopbackOfTest({ respond: () => ({ do: 'answer', status: 503 }) });
  const config = resolveConfig(
    {
      apiKey: 'phc_test',
      endpoint: posthog.url,
      spool: { directory, mode: 'always' },
      logger: createRecordingLogger(),
    },
    {},
  );
  const pipeline = createPipeline(config, { isAwaited: true });
  await new Promise<void>((stored) => void pipeline.take(spans, stored));
  expect(eventsIn(directory)).toBe(SPANS);
  expect(filesIn(directory).length).toBeLessThanOrEqual(Math.ceil((SPANS * TEXT.length) / MIB) + 1);
  await pipeline.shutdown();
});
