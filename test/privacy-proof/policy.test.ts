import type { Attributes } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PostHogLLMSpanProcessor } from '../../src/sdk/processor/span-processor.ts';
import { withTrace } from '../../src/sdk/scope/with-trace.ts';
import type { PrivacyDecision } from '../../src/translate/privacy/decide-privacy.ts';
import { registerContextManager } from '../support/als-context-manager.ts';
import { type LoopbackPostHog, startLoopbackPostHog } from '../support/loopback-posthog.ts';
import { chatAttributes } from '../support/real-spans.ts';

registerContextManager();

interface Wish<T> {
  readonly said: string;
  readonly value: T;
  readonly isPrivate: boolean;
}

const fail = () => {
  throw new Error('cannot decide');
};
const later = (async () => false) as unknown as PrivacyDecision;
const vague = (() => 0) as unknown as PrivacyDecision;

const OPTIONS: readonly Wish<boolean | PrivacyDecision | undefined>[] = [
  { said: 'no option', value: undefined, isPrivate: false },
  { said: 'false', value: false, isPrivate: false },
  { said: 'true', value: true, isPrivate: true },
  { said: 'a function that says no', value: () => false, isPrivate: false },
  { said: 'a function that says yes', value: () => true, isPrivate: true },
  { said: 'a function that judges the call', value: ({ model }) => model !== 'public', isPrivate: true },
  { said: 'a function that throws', value: fail, isPrivate: true },
  { said: 'a function that answers later', value: later, isPrivate: true },
  { said: 'a function that gives no clear answer', value: vague, isPrivate: true },
];

const VARIABLES: readonly Wish<string | undefined>[] = [
  { said: 'no variable', value: undefined, isPrivate: false },
  { said: '0', value: '0', isPrivate: false },
  { said: 'TRUE', value: 'TRUE', isPrivate: true },
];

const SCOPES: readonly Wish<boolean | undefined>[] = [
  { said: 'no scope', value: undefined, isPrivate: false },
  { said: 'false', value: false, isPrivate: false },
  { said: 'true', value: true, isPrivate: true },
];

const ATTRIBUTES: readonly Wish<Attributes>[] = [
  { said: 'no attribute', value: {}, isPrivate: false },
  { said: 'posthog.privacy_mode: false', value: { 'posthog.privacy_mode': false }, isPrivate: false },
  { said: 'posthog.privacy_mode: true', value: { 'posthog.privacy_mode': true }, isPrivate: true },
  { said: 'trace.privacy_mode: 1', value: { 'trace.privacy_mode': '1' }, isPrivate: true },
  { said: 'a misspelt wish', value: { 'posthog.privacy_mode': 'ture' }, isPrivate: true },
  {
    said: 'no in one attribute, yes in another',
    value: { 'posthog.privacy_mode': false, 'trace.privacy_mode': true },
    isPrivate: true,
  },
];

let posthog: LoopbackPostHog;
beforeAll(async () => {
  posthog = await startLoopbackPostHog();
});
afterAll(() => posthog.close());
afterEach(() => {
  delete process.env['POSTHOG_PRIVACY_MODE'];
});

describe.each(OPTIONS)('option: $said', (option) => {
  it.each(VARIABLES)('environment: $said', async (variable) => {
    if (variable.value !== undefined) process.env['POSTHOG_PRIVACY_MODE'] = variable.value;
    const privacyMode = option.value === undefined ? {} : { privacyMode: option.value };
    const processor = new PostHogLLMSpanProcessor({
      apiKey: 'phc_test_key_of_the_policy',
      endpoint: posthog.url,
      ...privacyMode,
    });
    const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('test');
    const before = posthog.events.length;
    const wanted: Record<string, boolean> = {};
    for (const scope of SCOPES) {
      for (const attribute of ATTRIBUTES) {
        const name = `${scope.said} / ${attribute.said}`;
        wanted[name] = [option, variable, scope, attribute].some(({ isPrivate }) => isPrivate);
        const attributes = { ...chatAttributes('PROMPT', 'ANSWER'), 'user.id': name, ...attribute.value };
        const run = () => tracer.startSpan('chat', { attributes }).end();
        if (scope.value === undefined) run();
        else withTrace({ privacyMode: scope.value }, run);
      }
    }
    await processor.shutdown();
    const found = posthog.events.slice(before).map(({ distinct_id, properties }) => {
      const text = JSON.stringify(properties);
      const said = ['PROMPT', 'ANSWER'].filter((word) => text.includes(word)).length;
      return [distinct_id, said === 1 ? 'in part' : said === 0];
    });
    expect(Object.fromEntries(found)).toEqual(wanted);
  });
});
