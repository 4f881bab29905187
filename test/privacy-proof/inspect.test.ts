import { inspect } from 'node:util';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { ProxyAgent } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PostHogLLMConfigError } from '../../src/config/config-error.ts';
import type { PostHogLLMSpanExporterOptions } from '../../src/config/options.ts';
import { readConfig, resolveConfig } from '../../src/config/resolve-config.ts';
import { PostHogLLMSpanExporter } from '../../src/sdk/exporter/exporter.ts';
import { PostHogLLMLogRecordProcessor } from '../../src/sdk/logs/log-record-processor.ts';
import { PostHogLLMSpanProcessor } from '../../src/sdk/processor/span-processor.ts';
import { exportSpans } from '../support/export-spans.ts';
import { type LoopbackPostHog, startLoopbackPostHog } from '../support/loopback-posthog.ts';
import { chatAttributes, createSpanMaker } from '../support/real-spans.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { shown } from './support/sinks.ts';

const KEY = 'phc_KeyOfTheInspectedExporter0123456789abcdef';
const TOKEN = 'token-of-the-proxy-in-front';
const PROMPT = 'PROMPT-NOT-TO-BE-SEEN';

const proxy = new ProxyAgent(`http://user:${TOKEN}@127.0.0.1:1`);
let posthog: LoopbackPostHog;
beforeAll(async () => {
  posthog = await startLoopbackPostHog({
    // Repeats key, headers and prompt in its answer.
    respond: ({ headers, body }) => ({ do: 'answer', status: 400, body: JSON.stringify(headers) + body }),
  });
});
afterAll(async () => {
  await proxy.close();
  await posthog.close();
});
afterEach(() => {
  delete process.env['POSTHOG_API_KEY'];
});

const options = (): PostHogLLMSpanExporterOptions => ({
  apiKey: KEY,
  endpoint: posthog.url,
  headers: { 'x-proxy-token': TOKEN, authorization: `Bearer ${TOKEN}` },
  logger: createRecordingLogger(),
});

/** Every way of making a value visible. */
function everyLook(value: unknown): string {
  const error = value instanceof Error ? [value.message, value.stack, String(value.cause)] : [];
  return [shown(value), inspect(value), `${String(value)}`, JSON.stringify(value), ...error].join('\n');
}

function expectNothingIn(text: string): void {
  for (const secret of [KEY, TOKEN, PROMPT, KEY.slice(4, 20)]) expect(text).not.toContain(secret);
}

describe('nothing shows keys, headers or content', () => {
  it('exporter, after it was used and after its end', async () => {
    const exporter = new PostHogLLMSpanExporter(options());
    const span = createSpanMaker().make('chat', chatAttributes(PROMPT, PROMPT));
    const { error } = await exportSpans(exporter, [span]);
    expect(error).toBeDefined();
    expectNothingIn(everyLook(error));
    expectNothingIn(everyLook(exporter));
    expectNothingIn(everyLook(exporter.stats()));
    await exporter.shutdown();
    expectNothingIn(everyLook(exporter));
    expect(posthog.requests.at(-1)?.body?.toString()).toContain(PROMPT);
  });

  it('processors, with spans and records that wait', async () => {
    const processor = new PostHogLLMSpanProcessor({ ...options(), scheduledDelayMs: 60_000 });
    const logs = new PostHogLLMLogRecordProcessor(processor.exporter);
    const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('test');
    tracer.startSpan('chat', { attributes: chatAttributes(PROMPT, PROMPT) }).end();
    logs.onEmit({
      eventName: 'gen_ai.user.message',
      body: { content: PROMPT },
      spanContext: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) },
    });
    expectNothingIn(everyLook(processor.exporter));
    expectNothingIn(everyLook(logs));
    await processor.shutdown();
    expectNothingIn(everyLook(processor));
  });

  it('configuration', () => {
    const config = resolveConfig({ ...options(), dispatcher: proxy });
    expectNothingIn(everyLook(config));
    expect(everyLook(config)).toContain('[hidden]');
    expect(config.apiKey.reveal()).toBe(KEY);
  });

  it.each<[string, object]>([
    ['a key of the wrong sort', { apiKey: `phx_${KEY.slice(4)}` }],
    ['a key with spaces inside', { apiKey: `${KEY} ${KEY}` }],
    ['a key in the wrong place', { endpoint: KEY, privacyMode: KEY, media: KEY }],
    ['credentials in the endpoint', { endpoint: `https://user:${TOKEN}@x.example/?key=${KEY}` }],
    ['a header that cannot be sent', { headers: { 'x-token': `${TOKEN}\n` } }],
    ['a header of the wrong type', { headers: { 'x-token': { value: TOKEN } } }],
    ['odd values', { redact: [TOKEN], mask: TOKEN, spool: { directory: '', [TOKEN.slice(0, 2)]: 1 } }],
  ])('error of a configuration with %s', (_flaw, flawed) => {
    const wrong = { ...options(), ...flawed } as PostHogLLMSpanExporterOptions;
    let error: unknown;
    try {
      new PostHogLLMSpanExporter(wrong);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(PostHogLLMConfigError);
    expectNothingIn(everyLook(error));
    const { problems, config } = readConfig(wrong, {});
    expectNothingIn(everyLook([problems, config.warnings]));
  });

  it('error of an environment with a wrong key', () => {
    process.env['POSTHOG_API_KEY'] = `phx_${KEY.slice(4)}`;
    expect(() => new PostHogLLMSpanExporter({})).toThrow(PostHogLLMConfigError);
    try {
      new PostHogLLMSpanExporter({});
    } catch (error) {
      expectNothingIn(everyLook(error));
    }
  });

  it('result of a connection test', async () => {
    const exporter = new PostHogLLMSpanExporter(options());
    const result = await exporter.testConnection();
    expect(result.status).not.toBe('ok');
    expectNothingIn(everyLook(result));
    await exporter.shutdown();
  });
});
