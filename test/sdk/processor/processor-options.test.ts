import { describe, expect, it } from 'vitest';
import { isPostHogLLMConfigError } from '../../../src/config/config-error.ts';
import { PostHogLLMSpanExporter } from '../../../src/sdk/exporter/exporter.ts';
import { PostHogLLMSpanProcessor } from '../../../src/sdk/processor/span-processor.ts';
import { createRecordingLogger } from '../../support/recording-logger.ts';

const KEY = 'phc_test_key_of_the_processor_options';
const exporter = new PostHogLLMSpanExporter({ apiKey: KEY, endpoint: 'http://127.0.0.1:9' });
const foreign = { export() {}, shutdown: async () => {}, forceFlush: async () => {} };
class OTLPTraceExporter {
  export() {}
}

/** What is wrong, as one text. */
function complaintAbout(options: unknown): string {
  try {
    new PostHogLLMSpanProcessor(options as never);
    return 'none';
  } catch (error) {
    if (!isPostHogLLMConfigError(error)) throw error;
    return error.problems.map(({ option, message, fix }) => `${option}: ${message} ${fix}`).join('\n');
  }
}

describe('options of a processor', () => {
  it.each([
    ['privacy beside an exporter', { exporter, privacyMode: true }, /"privacyMode" would have no effect/],
    ['several of them', { exporter, privacyMode: true, redact: ['email'] }, /"privacyMode", "redact" would/],
    ['a key beside an exporter', { exporter, apiKey: KEY }, /Give it to new PostHogLLMSpanExporter/],
    ['a misspelled one beside it', { exporter, privacy: true }, /"privacy" would have no effect/],
    [
      'an exporter that is undefined',
      { exporter: undefined, apiKey: KEY },
      /"exporter" is there, but undefined/,
    ],
    ['an exporter of another kind', { exporter: foreign }, /PostHogLLMSpanExporter, not another object/],
    ['one with a name', { exporter: new OTLPTraceExporter() }, /not OTLPTraceExporter/],
    ['an exporter in place of options', exporter, /new PostHogLLMSpanProcessor\(\{ exporter \}\)/],
    ['a text in place of options', KEY, /must be an object, not string/],
    ['null', null, /must be an object, not null/],
    ['the name of other batchers', { apiKey: KEY, batchSize: 10 }, /Write "maxExportBatchSize"/],
    ['baggage that is no list', { apiKey: KEY, acceptBaggage: true }, /must be an array of names/],
    [
      'baggage with an unknown name',
      { apiKey: KEY, acceptBaggage: ['usr'] },
      /unknown name "usr"; there are user/,
    ],
    ['a negative delay', { apiKey: KEY, scheduledDelayMs: -1 }, /whole number from 0/],
  ])('are refused: %s', (_what, options, words) => {
    expect(complaintAbout(options)).toMatch(words);
  });

  it('may stand beside an exporter when they are its own, or undefined', async () => {
    const processor = new PostHogLLMSpanProcessor({ exporter, maxQueueSize: 1_000, privacyMode: undefined });
    expect(processor.exporter).toBe(exporter);
  });

  it('are refused of an exporter, which has no queue', () => {
    expect(() => new PostHogLLMSpanExporter({ apiKey: KEY, flushOnTraceEnd: true } as object)).toThrow(
      /"flushOnTraceEnd" is an option of PostHogLLMSpanProcessor/,
    );
  });

  it('are warned about when no batch can become full, or a name is unknown', () => {
    const logger = createRecordingLogger();
    const options = { apiKey: KEY, logger, maxQueueSize: 10, colour: 'blue' };
    void new PostHogLLMSpanProcessor(options).shutdown();
    expect(logger.lines.join('\n')).toMatch(/"colour" is unknown[\s\S]*"maxQueueSize" is below/);
    expect(logger.lines).toHaveLength(2);
  });
});
