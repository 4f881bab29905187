import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { context, createContextKey, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { type PostHogLLM, startPostHogLLM } from '../../src/index.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { chatAttributes } from '../support/real-spans.ts';

let running: PostHogLLM | undefined;
afterEach(() => running?.shutdown());

/** In this process, which has the SDK among its development dependencies. */
function start(options: Parameters<typeof startPostHogLLM>[0]): PostHogLLM {
  running = startPostHogLLM({ instrumentations: [], flushOnExit: false, ...options });
  return running;
}

const call = (attributes = {}) =>
  trace
    .getTracer('test')
    .startSpan('chat', { attributes: { ...chatAttributes(), ...attributes } })
    .end();

describe('startPostHogLLM', () => {
  it('sends what is recorded from then on, in one call', async () => {
    const posthog = await loopbackOfTest();
    const { exporter, flush } = start({ apiKey: 'phc_a', endpoint: posthog.url });
    call();
    await flush();
    expect(posthog.events).toHaveLength(1);
    expect(exporter.stats()).toMatchObject({ seen: 1, delivered: 1 });
    const key = createContextKey('test');
    expect(
      await context.with(context.active().setValue(key, 1), async () => context.active().getValue(key)),
    ).toBe(1);
  });

  it('serves several destinations, each with its own options', async () => {
    const [all, quiet] = [await loopbackOfTest(), await loopbackOfTest()];
    const { exporters, flush } = start({
      apiKey: 'phc_shared',
      destinations: [{ endpoint: all.url }, { endpoint: quiet.url, apiKey: 'phc_own', privacyMode: true }],
    });
    call({ 'gen_ai.prompt': 'secret words' });
    await flush();
    expect(exporters).toHaveLength(2);
    for (const { events } of [all, quiet]) expect(events).toHaveLength(1);
    expect(JSON.stringify(quiet.events)).not.toContain('secret words');
  });

  it('serves all destinations that the configuration file lists', async () => {
    const [all, quiet] = [await loopbackOfTest(), await loopbackOfTest()];
    const folder = await mkdtemp(join(tmpdir(), 'posthog-llm-start-'));
    const configFile = join(folder, 'posthog.yaml');
    const list = `destinations:
  - { name: all, apiKey: phc_all, endpoint: "${all.url}" }
  - { name: quiet, apiKey: phc_quiet, endpoint: "${quiet.url}", privacyMode: true }
`;
    await writeFile(configFile, list);
    const { exporters, flush } = start({ configFile });
    call();
    await flush();
    await rm(folder, { recursive: true });
    expect(exporters).toHaveLength(2);
    for (const { events } of [all, quiet]) expect(events).toHaveLength(1);
  });

  it('keeps long conversations whole, which the limits of the SDK cut', async () => {
    const posthog = await loopbackOfTest();
    const { flush } = start({ apiKey: 'phc_a', endpoint: posthog.url });
    const messages = Array.from({ length: 300 }, (_, index) => [
      [`llm.input_messages.${index}.message.role`, 'user'],
      [`llm.input_messages.${index}.message.content`, `message ${index}`],
    ]).flat();
    const kind = { 'openinference.span.kind': 'LLM', 'llm.model_name': 'gpt-4o' };
    const span = trace.getTracer('test').startSpan('llm', { attributes: kind });
    span.setAttributes(Object.fromEntries(messages));
    span.end();
    await flush();
    const [{ properties } = { properties: {} }] = posthog.events as {
      properties?: { $ai_input?: unknown[] };
    }[];
    expect(properties?.$ai_input).toHaveLength(300);
  });

  it('starts once; what is shut down can be started anew', async () => {
    const posthog = await loopbackOfTest();
    const first = start({ apiKey: 'phc_a', endpoint: posthog.url });
    expect(startPostHogLLM({ apiKey: 'phc_b', endpoint: posthog.url })).toBe(first);
    await first.shutdown();
    const second = start({ apiKey: 'phc_a', endpoint: posthog.url });
    expect(second).not.toBe(first);
    call();
    await second.flush();
    expect(posthog.events).toHaveLength(1);
  });

  it('throws on a configuration that cannot work, and leaves nothing behind', async () => {
    expect(() => start({ apiKey: 'phx_personal' })).toThrow(/personal API key/);
    expect(trace.getTracer('test').startSpan('x').isRecording()).toBe(false);
  });

  it('is off without a word when that is set', async () => {
    const { flush, exporter } = start({ enabled: false });
    call();
    await flush();
    expect(exporter.stats().seen).toBe(0);
    expect(trace.getTracer('test').startSpan('x').isRecording()).toBe(false);
  });
});
