// The types that users see. `npm run typecheck` is the test: a line that should not compile and does, or the other way
// round, fails there. Nothing of this runs but the one table at the end.
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type AiPropertyName,
  type ConfigProblemCode,
  type ConnectionResult,
  currentTraceId,
  type DestinationOptions,
  type Evaluation,
  type FlushOnceResult,
  type HeaderMap,
  type HttpDispatcher,
  type HttpDispatcherRequest,
  type HttpDispatcherResponse,
  isPostHogLLMConfigError,
  type Mask,
  type MaskContext,
  type Message,
  type NotVerifiableReason,
  type Part,
  PostHogLLMSpanExporter,
  type PostHogLLMSpanExporterOptions,
  PostHogLLMSpanProcessor,
  type PostHogLLMSpanProcessorOptions,
  type PrivacyDecision,
  type RedactorName,
  type Rule,
  setTrace,
  startPostHogLLM,
  type TraceScope,
  type UnreachableCause,
  withTrace,
} from '../../src/index.ts';
import { PROPERTY_TABLE } from '../../src/translate/event/property-table.ts';

/** Compiles its argument and never runs it. */
function compiled(_source: () => unknown): void {}

describe('the options', () => {
  it('are all optional, may be undefined, and are closed', () => {
    expectTypeOf<Record<never, never>>().toExtend<PostHogLLMSpanExporterOptions>();
    expectTypeOf<PostHogLLMSpanExporterOptions['compression']>().toEqualTypeOf<'gzip' | 'none' | undefined>();
    expectTypeOf<PostHogLLMSpanExporterOptions['media']>().toEqualTypeOf<'remove' | 'keep' | undefined>();
    compiled(() => [
      new PostHogLLMSpanExporter(),
      new PostHogLLMSpanExporter({ apiKey: process.env['POSTHOG_API_KEY'], endpoint: 'eu' }),
      new PostHogLLMSpanExporter({ endpoint: 'https://posthog.example.com' }),
      new PostHogLLMSpanExporter({ redact: ['email'], headers: async () => ({ authorization: 'x' }) }),
      new PostHogLLMSpanExporter({ privacyMode: (call) => call.provider === 'openai' }),
      new PostHogLLMSpanExporter({ filter: ({ trace }) => trace.user !== 'load-test' }),
      // @ts-expect-error an option that does not exist
      new PostHogLLMSpanExporter({ apikey: 'phc_x' }),
      // @ts-expect-error not a word that is known
      new PostHogLLMSpanExporter({ compression: 'brotli' }),
      // @ts-expect-error milliseconds are a number
      new PostHogLLMSpanExporter({ timeoutMs: '10s' }),
      // @ts-expect-error not a masker that is known
      new PostHogLLMSpanExporter({ redact: ['shoe_size'] }),
      // @ts-expect-error a spool needs its directory
      new PostHogLLMSpanExporter({ spool: { mode: 'always' } }),
      // @ts-expect-error not a field of calls
      new PostHogLLMSpanExporter({ rules: { field: 'modle', operator: 'equals', value: 'gpt-4o' } }),
    ]);
  });

  it('can be written down before they are given', () => {
    const mask: Mask = (text, { role, kind }: MaskContext) =>
      role === 'user' || kind === 'error' ? '' : text;
    const privacyMode: PrivacyDecision = ({ provider }) => provider === 'openai';
    const redact: RedactorName[] = ['email'];
    const headers = async (): Promise<HeaderMap> => ({ authorization: 'x' });
    const dispatcher: HttpDispatcher = {
      request: async ({ path }: HttpDispatcherRequest): Promise<HttpDispatcherResponse> => {
        throw new Error(path);
      },
    };
    const destinations: DestinationOptions[] = [{ mask, privacyMode, redact, headers, dispatcher }];
    const textOf = ({ parts }: Message) => parts.map((part: Part) => (part.type === 'text' ? part.text : ''));
    const nextStep = (cause: UnreachableCause | NotVerifiableReason | ConfigProblemCode) => cause.length;
    compiled(() => [startPostHogLLM({ destinations }), textOf, nextStep]);
  });

  it('of the processor are those of the exporter, or an exporter', () => {
    compiled(() => [
      new PostHogLLMSpanProcessor({ apiKey: 'phc_x', flushOnTraceEnd: true, acceptBaggage: ['user'] }),
      new PostHogLLMSpanProcessor({ exporter: new PostHogLLMSpanExporter() }),
      // @ts-expect-error options of the exporter have no effect beside one
      new PostHogLLMSpanProcessor({ exporter: new PostHogLLMSpanExporter(), privacyMode: true }),
      // @ts-expect-error an exporter of another kind
      new PostHogLLMSpanProcessor({ exporter: { export() {} } }),
      // @ts-expect-error an exporter in place of options
      new PostHogLLMSpanProcessor(new PostHogLLMSpanExporter()),
      // @ts-expect-error what may be accepted is listed
      new PostHogLLMSpanProcessor({ acceptBaggage: ['password'] }),
    ]);
    expectTypeOf<PostHogLLMSpanProcessor['exporter']>().toEqualTypeOf<PostHogLLMSpanExporter>();
    expectTypeOf<{ maxQueueSize: number }>().toExtend<PostHogLLMSpanProcessorOptions>();
  });

  it('take rules in groups', () => {
    const rule: Rule = {
      and: [
        { or: [{ field: 'costUsd', operator: 'greater', value: 0.5 }] },
        { not: { field: 'metadata.tenant', operator: 'exists' } },
      ],
    };
    expect(rule).toBeDefined();
  });
});

describe('a connection result', () => {
  it('says by its status what else it holds', () => {
    compiled(() => (result: ConnectionResult): string | number => {
      expectTypeOf(result.message).toBeString();
      // @ts-expect-error only some results have a cause
      result.cause;
      switch (result.status) {
        case 'wrong-region':
          expectTypeOf(result.region).toBeString();
          return result.suggestedEndpoint;
        case 'host-unreachable':
          expectTypeOf(result.cause).toExtend<string>();
          return result.cause;
        case 'key-not-verifiable':
          expectTypeOf(result.httpStatus).toEqualTypeOf<number>();
          return result.reason;
        case 'rate-limited':
          expectTypeOf(result.httpStatus).toEqualTypeOf<429>();
          return result.httpStatus;
        case 'ok':
        case 'wrong-key':
        case 'personal-key':
          return result.fix;
        default:
          // All are named above.
          return result satisfies never;
      }
    });
    expectTypeOf<
      PostHogLLMSpanExporter['testConnection']
    >().returns.resolves.toEqualTypeOf<ConnectionResult>();
    expectTypeOf<PostHogLLMSpanExporter['flushOnce']>().returns.resolves.toEqualTypeOf<FlushOnceResult>();
  });
});

describe('withTrace', () => {
  it('returns what its function returns', () => {
    expectTypeOf(withTrace({ user: 'u' }, () => 6)).toEqualTypeOf<number>();
    expectTypeOf(withTrace({}, () => 'a' as 'a' | undefined)).toEqualTypeOf<'a' | undefined>();
    expectTypeOf(withTrace({}, async () => 6)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(withTrace({}, () => {})).toEqualTypeOf<void>();
    const numbers = withTrace({}, function* (): Generator<number, boolean, string> {
      const answer = yield 1;
      return answer.length > 0;
    });
    expectTypeOf(numbers).toEqualTypeOf<Generator<number, boolean, string>>();
    const texts = withTrace({}, async function* () {
      yield 'a' as string;
    });
    expectTypeOf(texts).toEqualTypeOf<AsyncGenerator<string, void, unknown>>();
  });

  it('knows what a scope may hold', () => {
    expectTypeOf<TraceScope['user']>().toEqualTypeOf<string | undefined>();
    expectTypeOf(setTrace).returns.toBeBoolean();
    expectTypeOf(currentTraceId).returns.toEqualTypeOf<string | undefined>();
    compiled(() => [
      withTrace({ sessionId: 's' }, () => 1, { propagate: ['sessionId', 'metadata.tenant'] }),
      // @ts-expect-error a name that does not exist
      withTrace({ userId: 'u' }, () => 1),
      // @ts-expect-error ids are texts
      setTrace({ user: 7 }),
      // @ts-expect-error content does not travel to other services
      withTrace({}, () => 1, { propagate: ['groups.secret'] }),
    ]);
  });
});

describe('feedback and errors', () => {
  it('are checked', () => {
    expectTypeOf<Evaluation['result']>().toEqualTypeOf<string | number | boolean>();
    compiled(() => (exporter: PostHogLLMSpanExporter, error: unknown) => {
      exporter.captureFeedback({ traceId: 't', text: 'Thanks' });
      // @ts-expect-error a metric has a value
      exporter.captureMetric({ traceId: 't', name: 'thumbs' });
      if (isPostHogLLMConfigError(error)) expectTypeOf(error.problems).toExtend<readonly unknown[]>();
    });
  });
});

describe('names of properties', () => {
  it('are a closed union', () => {
    expectTypeOf<
      '$ai_model' | '$ai_input_tokens' | '$ai_total_cost_usd' | 'trace_name'
    >().toExtend<AiPropertyName>();
    expectTypeOf<string>().not.toExtend<AiPropertyName>();
    // @ts-expect-error misspelt
    const wrong: AiPropertyName = '$ai_input_token';
    expect(wrong).toBeDefined();
  });

  it('each stand in the table once', () => {
    const names = PROPERTY_TABLE.map(({ property }) => property);
    expect(new Set(names).size).toBe(names.length);
  });
});
