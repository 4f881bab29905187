import type { Dispatcher } from 'undici';
import type { LlmCall } from '../call/llm-call.ts';
import type { Logger } from '../telemetry/log.ts';

/** HTTP headers by name. */
export type HeaderMap = Readonly<Record<string, string>>;

/** Decides for one call whether its content is withheld. An exception counts as `true`. */
export type PrivacyDecision = (call: LlmCall) => boolean;

/** Names the user of one call; `undefined` leaves the call anonymous. */
export type DistinctIdOfCall = (call: LlmCall) => string | undefined;

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
   *
   * Default: `false`. Environment: `POSTHOG_PRIVACY_MODE` (`true`, `false`, `1`, `0`). Config file: `privacyMode`.
   * @example (call) => call.model !== 'my-public-model'
   */
  readonly privacyMode?: boolean | PrivacyDecision | undefined;

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
   * Milliseconds for one HTTP request, from connecting to the end of the answer.
   *
   * Default: 10000, as in PostHog's own Node SDK.
   * @example 5_000
   */
  readonly timeoutMs?: number | undefined;

  /**
   * Milliseconds for one `export` with all its requests, retries and waits.
   *
   * Default: 30000, `exportTimeoutMillis` of OpenTelemetry's `BatchSpanProcessor`, which gives up waiting then.
   * @example 60_000
   */
  readonly deadlineMs?: number | undefined;

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
   * larger event travels alone.
   *
   * Default: 5242880 (5 MiB), the target of PostHog's own SDKs.
   * @example 1_048_576
   */
  readonly maxBatchBytes?: number | undefined;

  /**
   * undici dispatcher that makes the requests: a `ProxyAgent`, an `Agent` with a certificate authority of your own,
   * a `MockAgent`. It stays yours: the exporter never closes it.
   *
   * Default: undici's global dispatcher.
   * @example new ProxyAgent('http://proxy.internal:3128')
   */
  readonly dispatcher?: Dispatcher | undefined;

  /**
   * Takes the exporter's own messages, which never hold keys or message content.
   *
   * Default: OpenTelemetry's `diag`, which is silent until `diag.setLogger` is called.
   * @example console
   */
  readonly logger?: Logger | undefined;

  /**
   * False makes an exporter that takes spans and drops them; it needs no key.
   *
   * Default: `true`. Environment: `OTEL_SDK_DISABLED=true` gives `false`.
   * @example process.env.NODE_ENV === 'production'
   */
  readonly enabled?: boolean | undefined;

  /**
   * JSON file with `apiKey`, `endpoint` and `privacyMode`, as `posthog-llm-exporter configure` writes it: its path,
   * or `true` for the place where that command puts it. `false` reads none, whatever the environment says.
   *
   * Default: none is read. Environment: `POSTHOG_LLM_CONFIG` (a path).
   * @example '/etc/my-app/posthog.json'
   */
  readonly configFile?: string | boolean | undefined;

  /**
   * Span attributes to send in addition, as event properties of the same names; an entry ending in `*` takes all
   * names that begin so. Everything else that no rule maps stays behind.
   *
   * Default: none.
   * @example ['app.tenant', 'http.request.*']
   */
  readonly includeAttributes?: readonly string[] | undefined;
}
