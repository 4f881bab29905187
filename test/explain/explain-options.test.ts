import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { PostHogLLMSpanExporterOptions } from '../../src/config/options.ts';
import { resolveConfig } from '../../src/config/resolve-config.ts';
import { explain } from '../../src/explain/explain-spans.ts';
import type { SpanExplanation } from '../../src/explain/explanation.ts';
import { createPipeline } from '../../src/pipeline/pipeline.ts';
import { PostHogLLMSpanExporter } from '../../src/sdk/exporter/exporter.ts';
import { REDACTOR_NAMES } from '../../src/translate/privacy/redactors.ts';
import { readSpans } from '../corpus/pipeline.ts';
import { listFolders, type Recording, readRecordings } from '../corpus/recordings.ts';
import { explainWith } from '../support/explain-with.ts';
import { exportSpans } from '../support/export-spans.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { chatAttributes, createSpanMaker } from '../support/real-spans.ts';

const recordings: readonly Recording[] = listFolders().flatMap(readRecordings);

/** Whatever shapes events. */
const optionsOfEvents: fc.Arbitrary<PostHogLLMSpanExporterOptions> = fc.record(
  {
    redact: fc.subarray([...REDACTOR_NAMES]),
    mask: fc.constantFrom(
      (text: string) => text.toUpperCase(),
      () => {
        throw new Error('not today');
      },
    ),
    media: fc.constantFrom('keep', 'remove'),
    privacyMode: fc.constantFrom<PostHogLLMSpanExporterOptions['privacyMode']>(
      true,
      false,
      ({ kind }) => kind !== 'generation',
    ),
    distinctId: fc.constantFrom<PostHogLLMSpanExporterOptions['distinctId']>('batch', ({ model }) => model),
    metadataPrefix: fc.constantFrom('', 'llm_'),
    maxMetadataDepth: fc.integer({ min: 1, max: 10 }),
    includeAttributes: fc.subarray(['gen_ai.*', 'llm.model_name', 'server.address']),
    samplingRate: fc.constantFrom(0.3, 1),
    alwaysKeep: fc.record({ errors: fc.boolean() }),
    filter: fc.constant(({ kind }) => kind !== 'tool'),
    rules: fc.constantFrom<NonNullable<PostHogLLMSpanExporterOptions['rules']>>(
      { field: 'kind', operator: 'in', value: ['generation', 'agent', 'tool'] },
      { not: { field: 'provider', operator: 'equals', value: 'openai' } },
      { field: 'outputTokens', operator: 'greater', value: 20 },
    ),
  },
  { requiredKeys: [] },
);

function toldEvents(explanations: readonly SpanExplanation[]): unknown[] {
  return explanations.flatMap(({ outcome, properties }) => {
    if (outcome.type === 'filtered') return [];
    const { event, uuid } = outcome;
    return [
      { event, uuid, properties: Object.fromEntries(properties.map((one) => [one.property, one.value])) },
    ];
  });
}

const byUuid = (a: { uuid?: unknown }, b: { uuid?: unknown }) => (String(a.uuid) < String(b.uuid) ? -1 : 1);

describe('an explanation', () => {
  it('says of every recording what is sent of it, whatever the options', async () => {
    const posthog = await loopbackOfTest();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...recordings), optionsOfEvents, async (recording, options) => {
        const spans = readSpans(recording);
        const told = toldEvents(explainWith(spans, { ...options, showContent: true }));
        const before = posthog.events.length;
        const pipeline = createPipeline(
          resolveConfig({ ...options, apiKey: 'phc_explain', endpoint: posthog.url, compression: 'none' }),
        );
        expect(await pipeline.take(spans)).toEqual({ losses: [], isUnconfirmed: false });
        await pipeline.shutdown();
        // A request may be sent again on a busy machine; PostHog takes an event of one uuid once.
        const byId = new Map(posthog.events.slice(before).map((event) => [event.uuid, event]));
        // An event that only names a trace is of no span.
        const sent = [...byId.values()]
          .map(({ event, uuid, properties }) => ({ event, uuid, properties }))
          .filter(({ properties }) => Object.hasOwn(properties as object, '$ai_span_id'));
        expect(JSON.parse(JSON.stringify(told)).sort(byUuid)).toEqual(sent.sort(byUuid));
      }),
      { numRuns: 150 },
    );
  });

  const maker = createSpanMaker();
  const span = () => maker.make('chat', chatAttributes('Write to a@example.com'));

  it('by an exporter is by its own options', async () => {
    const posthog = await loopbackOfTest();
    const options = { apiKey: 'phc_explain', endpoint: posthog.url, redact: ['email'] } as const;
    const exporter = new PostHogLLMSpanExporter(options);
    const finished = span();
    const explanations = exporter.explain(finished, { showContent: true });
    expect(explanations).toEqual(explain(finished, { ...options, showContent: true }));
    await exportSpans(exporter, [finished]);
    await exporter.shutdown();
    expect(toldEvents(explanations)).toMatchObject([{ uuid: posthog.events[0]?.uuid }]);
    expect(JSON.stringify(toldEvents(explanations))).toContain('Write to [email]');
    expect(JSON.stringify(exporter.explain(finished))).not.toContain('Write to');
    expect(exporter.stats().seen).toBe(1);
  });

  it('needs no key, and takes what the environment says', () => {
    vi.stubEnv('POSTHOG_PRIVACY_MODE', 'true');
    const [explanation] = explain(span(), { showContent: true });
    vi.unstubAllEnvs();
    expect(explanation?.privacy.map(({ property }) => property)).toContain('$ai_input');
  });

  it('refuses what the exporter refuses', () => {
    expect(() => explain(span(), { redact: ['shoe_size' as 'email'] })).toThrow('The option "redact"');
  });

  it('of a disabled exporter says that nothing is sent', () => {
    expect(explain(span(), { enabled: false })[0]?.outcome).toEqual({
      type: 'filtered',
      because: 'the exporter is disabled, by its option or by OTEL_SDK_DISABLED',
    });
  });
});
