import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import type { LoopbackOptions } from '../support/loopback-posthog.ts';
import { cli, KEY } from './run-cli.ts';

async function sendTest(options: LoopbackOptions, ...flags: string[]) {
  const posthog = await loopbackOfTest({ knownKeys: [KEY], ...options });
  const run = await cli(['send-test', '--api-key', KEY, '--endpoint', posthog.url, ...flags]);
  return { ...run, posthog };
}

/** The one JSON list in a text. */
function jsonIn(text: string): unknown {
  return JSON.parse(text.slice(text.indexOf('[\n'), text.lastIndexOf('\n]') + 2));
}

describe('send-test', () => {
  it('sends one generation with its trace metadata, and prints what was sent', async () => {
    const { code, out, err, posthog } = await sendTest({});
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(jsonIn(out)).toEqual(posthog.events);
    expect(posthog.events.map(({ event }) => event).sort()).toEqual(['$ai_generation', '$ai_trace']);
    const event = posthog.events.find((each) => each['event'] === '$ai_generation');
    expect(event).toMatchObject({
      event: '$ai_generation',
      distinct_id: 'user_12345',
      properties: {
        $ai_model: expect.stringContaining('gpt-4o-mini'),
        $ai_user: 'user_12345',
        $ai_session_id: 'session_abc',
        $ai_span_name: 'Generate Recommendation',
        trace_name: 'Product Recommendations',
        metadata_feature: 'shopping-assistant',
        metadata_ab_test_group: 'variant_b',
        $ai_input_tokens: 27,
        $ai_output_tokens: 18,
        $ai_latency: 1.25,
      },
    });
    const { $ai_trace_id: traceId } = (event?.['properties'] ?? {}) as Record<string, unknown>;
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(out).toContain(`Sent to ${posthog.url}/i/v0/ai/batch/`);
    // Nobody knows where people look at events that go to a loopback.
    expect(out).toContain('"uiHost"');
    expect(out).not.toContain(KEY);
  });

  it('gives the address of the trace in PostHog, where that is known', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'send-test-'));
    const config = join(folder, 'posthog.yaml');
    await writeFile(config, 'uiHost: https://ph.example\n');
    const { out, posthog } = await sendTest({}, '--file', config);
    await rm(folder, { recursive: true });
    const [traceId] =
      /"\$ai_trace_id": "([0-9a-f]{32})"/.exec(JSON.stringify(posthog.events, null, 1))?.slice(1) ?? [];
    expect(out).toContain(`https://ph.example/ai-observability/traces/${traceId}`);
  });

  it('sends no content in privacy mode', async () => {
    const { code, out, posthog } = await sendTest({}, '--privacy-mode');
    expect(code).toBe(0);
    expect(posthog.requests.map(({ body }) => String(body)).join() + out).not.toContain('mountain paths');
    expect(posthog.events).toContainEqual(
      expect.objectContaining({ properties: expect.objectContaining({ $ai_input_tokens: 27 }) }),
    );
  });

  it('shows the route that took the event on a PostHog without the AI route', async () => {
    const { code, out, posthog } = await sendTest({ mode: 'self-hosted' });
    expect(code).toBe(0);
    expect(out).toContain(`Sent to ${posthog.url}/batch/`);
    expect(jsonIn(out)).toEqual(posthog.events);
  });

  it('sends nothing with a wrong key', async () => {
    const { code, out, err, posthog } = await sendTest({ knownKeys: [] });
    expect(code).toBe(1);
    expect(out).toContain('wrong-key');
    expect(err).toContain('Nothing was sent.');
    expect(posthog.requests).toHaveLength(1);
  });

  it('sends it all the same where keys cannot be checked', async () => {
    const { code, err, posthog } = await sendTest({
      respond: ({ path }) => (path.startsWith('/flags') ? { do: 'answer', status: 404 } : undefined),
    });
    expect(code).toBe(0);
    expect(err).toContain('sent all the same');
    expect(posthog.events).toHaveLength(2);
  });

  it('says when the event is refused', async () => {
    const { code, err } = await sendTest({
      respond: ({ path, events }) =>
        !path.startsWith('/flags') && events.length > 0
          ? { do: 'answer', status: 400, body: 'no' }
          : undefined,
    });
    expect(code).toBe(1);
    expect(err).toContain('not delivered');
    expect(err).toContain('posthog-llm-exporter check');
  });

  it('names what is missing', async () => {
    const { code, err } = await cli(['send-test']);
    expect(code).toBe(1);
    expect(err).toContain('--api-key');
  });
});
