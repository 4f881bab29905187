import { describe, expect, it } from 'vitest';
import { PostHogLLMSpanExporter } from '../../../src/sdk/exporter/exporter.ts';
import { exportSpans } from '../../support/export-spans.ts';
import { loopbackOfTest } from '../../support/loopback-of-test.ts';
import type { LoopbackOptions, LoopbackPostHog } from '../../support/loopback-posthog.ts';
import { chatAttributes, createSpanMaker } from '../../support/real-spans.ts';

async function start(options: LoopbackOptions = {}) {
  const posthog = await loopbackOfTest(options);
  const apiKey = 'phc_test_key_of_the_exporter';
  const exporter = new PostHogLLMSpanExporter({ apiKey, endpoint: posthog.url, compression: 'none' });
  return { posthog, exporter };
}

const maker = createSpanMaker();
const text = (name: number) => `${name} Grüße, 世界 😀 `.repeat(500);

/** Ten megabytes, and the text that each event is to have. */
const TEXTS = Array.from({ length: 800 }, (_, name) => text(name));
const SPANS = TEXTS.map((content) => {
  const messages = JSON.stringify([{ role: 'user', parts: [{ type: 'text', content }] }]);
  return maker.make('chat', { ...chatAttributes(), 'gen_ai.input.messages': messages });
});

const textsOf = ({ events }: Pick<LoopbackPostHog, 'events'>) =>
  new Set(
    events.map(({ properties }) => (properties as { $ai_input: [{ content: string }] }).$ai_input[0].content),
  );

describe('large bodies without compression', () => {
  it('hold every event whole', async () => {
    const { posthog, exporter } = await start();
    // Again and again, with what came first half filling the memory that comes next.
    for (const part of [SPANS.slice(0, 90), SPANS.slice(90, 700), SPANS.slice(700)]) {
      expect(await exportSpans(exporter, part)).toEqual({ code: 0 });
    }
    expect(textsOf(posthog)).toEqual(new Set(TEXTS));
    expect(posthog.events).toHaveLength(SPANS.length);
  });

  it('are sent again as they were', async () => {
    const { posthog, exporter } = await start({
      respond: (_, index) => (index % 2 === 0 ? { do: 'answer', status: 503, body: 'later' } : undefined),
    });
    expect(await exportSpans(exporter, SPANS.slice(0, 300))).toEqual({ code: 0 });
    const later = exportSpans(exporter, SPANS.slice(300, 500));
    expect(await later).toEqual({ code: 0 });
    expect(textsOf(posthog)).toEqual(new Set(TEXTS.slice(0, 500)));
  });

  it('are split when they are refused as too large', async () => {
    const { posthog, exporter } = await start({ maxWireBytes: 700_000 });
    expect(await exportSpans(exporter, SPANS.slice(0, 400))).toEqual({ code: 0 });
    expect(textsOf(posthog)).toEqual(new Set(TEXTS.slice(0, 400)));
    expect(exporter.stats()).toMatchObject({ delivered: 400, dropped: {} });
  });
});
