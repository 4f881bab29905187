import type { MeterProvider } from '@opentelemetry/api';
import type { HttpDispatcher } from '../deliver/http-dispatcher.ts';
import type { Logger } from '../ledger/log.ts';
import type { DistinctIdOfCall } from '../translate/event/identity.ts';
import type { ModelPrices } from '../translate/event/model-prices.ts';
import type { PrivacyDecision } from '../translate/privacy/decide-privacy.ts';
import type { Mask } from '../translate/privacy/mask.ts';
import type { RedactorName } from '../translate/privacy/redactors.ts';
import type { Rule } from '../translate/selection/rule.ts';
import type { AlwaysKeep } from '../translate/selection/sample.ts';
import type { CallFilter } from '../translate/selection/select-call.ts';

/** HTTP headers by name. */
export type HeaderMap = Readonly<Record<string, string>>;

/** An event as it is sent to PostHog. */
export interface PostHogLLMEvent {
  /** `$ai_generation`, `$ai_embedding`, `$ai_span`, `$ai_trace`, or that of a feedback or evaluation. */
  readonly event: string;
  readonly uuid: string;
  readonly distinct_id: string;
  /** ISO 8601, UTC. */
  readonly timestamp?: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Where events wait on disk that cannot be delivered now. */
export interface PostHogLLMSpoolOptions {
  /**
   * Directory for the files, absolute or relative to the working directory. It is made when it is not there, for the
   * owner only (0700); files are always 0600. Several processes may share one: each file is sent by one of them, and
   * only by exporters with the API key it was spooled for. No key is in the files; prompts and answers are, unless
   * `privacyMode` withholds them.
   * @example '/var/lib/my-app/posthog-spool'
   */
  readonly directory: string;

  /**
   * Bytes of all files together, from 1 KiB. The oldest are dropped for newer ones, and counted (`spool-full`).
   *
   * Default: 268435456 (256 MiB), some 400,000 calls without content, or 50,000 of 5 KiB each.
   */
  readonly maxBytes?: number | undefined;

  /**
   * Milliseconds after which a file is dropped, and counted (`spool-expired`).
   *
   * Default: 604800000 (7 days), an outage over a long weekend.
   */
  readonly maxAgeMs?: number | undefined;

  /**
   * - `'on-failure'`: events go to the disk when they could not be delivered in time, when memory is full
   *   (`maxInFlightBytes`), and on shutdown.
   * - `'always'`: events are written before they are sent, and removed once they are delivered. When `export` returns,
   *   its first 8 spans, and as many more as could be translated within 250 ms, are in a file that outlives the process,
   *   `kill -9` included; those of a larger batch follow slice by slice. Spans whose content comes in log records are
   *   waited for up to 200 ms before. When the callback of `export` comes, everything has been delivered or outlives a
   *   power cut as well.
   *
   * Default: `'on-failure'`.
   */
  readonly mode?: 'on-failure' | 'always' | undefined;
}

/**
 * Options of `PostHogLLMSpanExporter`. A value given here wins over the environment, which wins over the config
 * file, which wins over the default; `undefined` counts as not given. Values are checked once, when the exporter is
 * made: `PostHogLLMConfigError` lists everything that is wrong at once.
 */
export interface PostHogLLMSpanExporterOptions {
  /**
   * Project API key of the PostHog project that receives the events (`phc_…`; in PostHog under Settings, Project,
   * General). Surrounding white space is removed. Personal API keys (`phx_…`) are refused.
   *
   * Required, unless `enabled` is false. Environment: `POSTHOG_API_KEY`. Config file: `apiKey`.
   * @example 'phc_…'
   */
  readonly apiKey?: string | undefined;

  /**
   * Where PostHog takes events: `'us'` or `'eu'` for PostHog Cloud, else the URL of a self-hosted PostHog or of a
   * reverse proxy, with its path prefix if it has one and without PostHog's own routes such as `/batch/`.
   *
   * Default: `https://us.i.posthog.com`. Environment: `POSTHOG_HOST`. Config file: `endpoint`.
   * @example 'https://example.com/ingest'
   */
  readonly endpoint?: 'us' | 'eu' | (string & {}) | undefined;

  /**
   * HTTP headers added to each request, for a proxy in front of PostHog. A function is called for each request, so
   * that short-lived credentials can be fetched late.
   *
   * Default: none.
   * @example { 'x-proxy-token': '…' }
   */
  readonly headers?: HeaderMap | (() => HeaderMap | Promise<HeaderMap>) | undefined;

  /**
   * True withholds prompts, completions, tool arguments and results, and error texts; tokens, cost, model, timing
   * and custom metadata are sent as usual. A function decides for each call; when it throws, the content is withheld.
   * The strictest wish wins: option, environment, `withTrace` and span attributes can each ask for privacy, and none
   * can take back what another asked for.
   *
   * Default: `false`. Environment: `POSTHOG_PRIVACY_MODE` (`true`, `false`, `1`, `0`). Config file: `privacyMode`.
   * @example (call) => call.model !== 'my-public-model'
   */
  readonly privacyMode?: boolean | PrivacyDecision | undefined;

  /**
   * What happens to files inside messages (base64 images, audio, documents): `'remove'` puts a notice such as
   * `[image/png 12.3 kB removed]` in their place, `'keep'` sends them. Credentials in the URLs of files are taken out
   * in either case.
   *
   * Default: `'remove'`.
   * @example 'keep'
   */
  readonly media?: 'remove' | 'keep' | undefined;

  /**
   * Ready-made maskers, applied before `mask`: `email`, `phone`, `credit_card`, `iban`, `api_key`, `bearer_token`,
   * `ip_address`. Each find becomes `[email]` and so on. They see content only, not user ids or custom metadata.
   *
   * Default: none. Environment: `POSTHOG_LLM_REDACT` (names separated by commas).
   * @example ['email', 'credit_card']
   */
  readonly redact?: readonly RedactorName[] | undefined;

  /**
   * Sees every text of every prompt, completion, tool argument and result, error and listed content attribute, and
   * returns what is sent instead. Synchronous. When it throws or returns anything but a string, `[masked]` is sent.
   * Roles, ids and tool names are not shown to it.
   *
   * Default: none.
   * @example (value, { role }) => (role === 'user' ? value.replaceAll(name, '…') : value)
   */
  readonly mask?: Mask | undefined;

  /**
   * `distinct_id` for calls whose span names no user: a fixed value, or a function of the call. At most 200
   * characters.
   *
   * Default: an anonymous id derived from the session, else from the trace; it makes no person profile.
   * @example 'nightly-batch'
   */
  readonly distinctId?: string | DistinctIdOfCall | undefined;

  /**
   * Put before the names of custom trace metadata. The empty string gives plain property names. May not begin with
   * `$`, which PostHog keeps for itself.
   *
   * Default: `metadata_`.
   * @example 'llm_'
   */
  readonly metadataPrefix?: string | undefined;

  /**
   * Levels of nested custom metadata that are sent, 1 to 10; deeper values become `[truncated]`.
   *
   * Default: 3.
   * @example 5
   */
  readonly maxMetadataDepth?: number | undefined;

  /**
   * Whether a trace that has a name (`traceName` of `withTrace`, `trace.trace_name`, Langfuse's trace name) and whose root
   * is not sent, such as an HTTP request or a single model call, gets an `$ai_trace` event with that name. Without one,
   * PostHog names the trace after the first of its spans to end.
   *
   * Default: true.
   * @example false
   */
  readonly namedTraceEvents?: boolean | undefined;

  /**
   * Own prices of models, by name, or by its beginning followed by `*`; the first that fits counts. For contracts, fine-tuned
   * and self-hosted models. A cost that the span itself states is taken before it.
   *
   * Default: PostHog's price list.
   * @example { 'ft:gpt-4.1-mini*': { inputUsdPerMillionTokens: 0.8, outputUsdPerMillionTokens: 3.2 } }
   */
  readonly modelPrices?: ModelPrices | undefined;

  /**
   * Whether PostHog is told not to locate the events (`$geoip_disable`) by the address that they come from, which is that
   * of a server.
   *
   * Default: true.
   * @example false
   */
  readonly disableGeoip?: boolean | undefined;

  /**
   * Milliseconds for one HTTP request, from connecting to the end of the answer.
   *
   * Default: 10000, as in PostHog's own Node SDK.
   * @example 5_000
   */
  readonly timeoutMs?: number | undefined;

  /**
   * Milliseconds for one `export` with all its requests, retries and waits.
   *
   * Default: 25000, below the 30 s after which OpenTelemetry's `BatchSpanProcessor` gives up waiting.
   * @example 60_000
   */
  readonly deadlineMs?: number | undefined;

  /**
   * Milliseconds for `shutdown`. Waits before retries end at once, requests under way may finish, and what is not
   * delivered by then is in the spool, or dropped and counted.
   *
   * Default: 5000, below the ten seconds that platforms give between SIGTERM and SIGKILL.
   * @example 2_000
   */
  readonly shutdownTimeoutMs?: number | undefined;

  /**
   * Requests under way at a time, 1 to 1000; others wait for their turn within the deadline.
   *
   * Default: 8, so that a burst of small exports opens eight connections and not thousands.
   * @example 32
   */
  readonly maxConcurrentRequests?: number | undefined;

  /**
   * Further attempts for a request that failed in a passing way (network, 408, 429, 5xx), 0 to 100. The deadline
   * ends them earlier.
   *
   * Default: 5, as in OpenTelemetry's OTLP exporters.
   * @example 0
   */
  readonly maxRetries?: number | undefined;

  /**
   * Compression of request bodies. PostHog's batch routes read no other compression than gzip.
   *
   * Default: `'gzip'`.
   * @example 'none'
   */
  readonly compression?: 'gzip' | 'none' | undefined;

  /**
   * Bytes of one request body before compression that are aimed for, 1 KiB to 20 MiB (PostHog's own limit). A single
   * larger event travels alone; smaller bodies leave as long as few are under way.
   *
   * Default: 5242880 (5 MiB), the target of PostHog's own SDKs.
   * @example 1_048_576
   */
  readonly maxBatchBytes?: number | undefined;

  /**
   * Bytes of events in memory that are being sent, from 1 KiB. When they are reached, `export` waits for room until its
   * deadline, and drops what found none (`overloaded`); with a `spool`, events go to the disk at once instead. Spans
   * that wait may take as much again.
   *
   * Default: 67108864 (64 MiB), a dozen bodies of the default size: far more than a batch span processor has under way,
   * and little beside the heap of an application that holds such conversations.
   * @example 16 * 1024 * 1024
   */
  readonly maxInFlightBytes?: number | undefined;

  /**
   * Keeps on disk what cannot be delivered, until PostHog takes it, by this process or a later one. See
   * {@link PostHogLLMSpoolOptions}.
   *
   * Default: none; what cannot be delivered by the deadline is dropped and counted. Environment:
   * `POSTHOG_LLM_SPOOL_DIRECTORY` (the directory; the rest as by default).
   * @example { directory: '/var/lib/my-app/posthog-spool', mode: 'always' }
   */
  readonly spool?: PostHogLLMSpoolOptions | undefined;

  /**
   * Takes the exporter's own figures as OpenTelemetry metrics: `otel.sdk.exporter.span.exported`,
   * `otel.sdk.exporter.span.inflight`, `otel.sdk.exporter.operation.duration` (with `otel.component.name`,
   * `otel.component.type`, `error.type`), and `posthog_llm_exporter.*` for what OpenTelemetry has no name for.
   *
   * Default: none; `exporter.stats()` has the same figures.
   * @example new MeterProvider({ readers: [reader] })
   */
  readonly meterProvider?: MeterProvider | undefined;

  /**
   * undici dispatcher that makes the requests: a `ProxyAgent`, an `Agent` with a certificate authority of your own,
   * a `MockAgent`. It stays yours: the exporter never closes it.
   *
   * Default: undici's global dispatcher.
   * @example new ProxyAgent('http://proxy.internal:3128')
   */
  readonly dispatcher?: HttpDispatcher | undefined;

  /**
   * Takes the exporter's own messages, which never hold keys or message content. `false` silences the exporter.
   *
   * Default: OpenTelemetry's `diag` where a logger is set for it (`diag.setLogger`), else standard error, where each kind of
   * warning is written once in a process. `OTEL_LOG_LEVEL=none` silences that.
   * @example console
   */
  readonly logger?: Logger | false | undefined;

  /**
   * True says for each request its events, bytes, status and time, and for each AI span what becomes of it, in one line
   * each: by `logger.debug`, else on standard error. Never holds keys or message content.
   *
   * Default: `false`. Environment: `POSTHOG_LLM_DEBUG` (`true`, `false`, `1`, `0`); `OTEL_LOG_LEVEL=debug` counts as well.
   * @example true
   */
  readonly debug?: boolean | undefined;

  /**
   * Sees every event as it is sent, after privacy and limits, when it is handed to the delivery. What it throws is
   * ignored.
   *
   * Default: none.
   * @example (event) => console.log(event.event, event.properties['$ai_model'])
   */
  readonly onEvent?: ((event: PostHogLLMEvent) => void) | undefined;

  /**
   * Address of PostHog in the browser, for `exporter.traceUrl()` and the links that commands print. Needed where events go
   * through a proxy, or to a PostHog of your own with another address for people.
   *
   * Default: that of the cloud region of `endpoint`; none for other endpoints.
   * @example 'https://eu.posthog.com'
   */
  readonly uiHost?: string | undefined;

  /**
   * `false` makes an exporter that takes spans and drops them; it needs no key. `'auto'` does so if and only if no source has
   * an API key, and says it in one line: for previews and CI. A key that is there but wrong is an error all the same.
   *
   * Default: `true`. Environment: `OTEL_SDK_DISABLED=true` gives `false`.
   * @example 'auto'
   */
  readonly enabled?: boolean | 'auto' | undefined;

  /**
   * Configuration file, in YAML or JSON, with any option that is plain data: its path, or `true` for the one that
   * `posthog-llm-exporter configure` writes for the user. `false` reads none, whatever the environment says. A file is never
   * picked up from the working directory by itself.
   *
   * Default: none is read. Environment: `POSTHOG_LLM_CONFIG` (a path).
   * @example '/etc/my-app/posthog.yaml'
   */
  readonly configFile?: string | boolean | undefined;

  /**
   * Name of the destination that is meant, when the configuration file lists several under `destinations`.
   *
   * Default: the only one. Environment: `POSTHOG_LLM_DESTINATION`.
   * @example 'product'
   */
  readonly destination?: string | undefined;

  /**
   * Share of the sessions that is sent, 0.0001 to 1; calls without a session go by their trace. A conversation is sent as
   * a whole or not at all, and every process decides alike. The events say in `sample_weight` for how many calls they
   * stand (1 / rate), so that sums can be weighed.
   *
   * Default: 1, everything, without `sample_weight`. Environment: `POSTHOG_LLM_SAMPLING_RATE`.
   * @example 0.1
   */
  readonly samplingRate?: number | undefined;

  /**
   * Calls that are sent whatever `samplingRate` says, with `sample_weight` 1: those that failed, took longer, cost more.
   * Only the call itself is kept, not the rest of its trace.
   *
   * Default: none.
   * @example { errors: true, slowerThanMs: 20_000, costlierThanUsd: 0.5 }
   */
  readonly alwaysKeep?: AlwaysKeep | undefined;

  /**
   * Decides for each call whether it is sent; asked after `rules` and before sampling. When it throws or answers with a
   * promise, the call is not sent, for the filter may be there to hold something back.
   *
   * Default: every call is sent.
   * @example (call) => call.trace.user !== 'load-test'
   */
  readonly filter?: CallFilter | undefined;

  /**
   * Only calls that meet this rule are sent: a condition on one field, or conditions joined by `and`, `or`, `not`. Plain
   * data, so that it can stand in a configuration.
   *
   * Default: every call is sent.
   * @example { and: [{ field: 'provider', operator: 'equals', value: 'openai' }, { field: 'costUsd', operator: 'greater', value: 0.01 }] }
   */
  readonly rules?: Rule | undefined;

  /**
   * Span attributes to send in addition, as event properties of the same names; an entry ending in `*` takes all
   * names that begin so. Everything else that no rule maps stays behind.
   *
   * Default: none.
   * @example ['app.tenant', 'shop.*']
   */
  readonly includeAttributes?: readonly string[] | undefined;
}
