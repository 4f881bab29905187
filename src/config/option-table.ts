import type { MeterProvider } from '@opentelemetry/api';
import { MAX_TIMER_MS } from '../deliver/clock.ts';
import type { HttpDispatcher } from '../deliver/http-dispatcher.ts';
import { defaultLogger, guardLogger, silentLogger } from '../ledger/log.ts';
import type { Mask } from '../translate/privacy/mask.ts';
import { redactorsNamed } from '../translate/privacy/redactors.ts';
import { compileRule } from '../translate/selection/compile-rule.ts';
import type { CallFilter } from '../translate/selection/select-call.ts';
import { usableApiKey } from './api-key.ts';
import { CONFIG_FILE_VARIABLE } from './config-file.ts';
import * as defaults from './defaults.ts';
import { usableEndpoint } from './endpoint.ts';
import { toHeadersFunction } from './headers.ts';
import { type OptionTable, option, resolvedOption } from './option-row.ts';
import { byteCount, callback, flag, milliseconds, objectWith, oneOf, wholeNumber } from './option-rules.ts';
import type { PostHogLLMEvent } from './options.ts';
import { createSecret } from './secret.ts';
import * as rules from './special-rules.ts';
import { resolveSpool, spoolRule } from './spool-options.ts';

export const PRIVACY_MODE_VARIABLE = 'POSTHOG_PRIVACY_MODE';

/**
 * Every option of `PostHogLLMSpanExporter`, once. Checks, defaults, environment, configuration file, the tables of the
 * documentation and the JSON schema follow from it. A new option is a row here, a member of
 * `PostHogLLMSpanExporterOptions`, the line that uses it, and its case in `test/config/option-effects.test.ts`.
 */
export const EXPORTER_OPTIONS = {
  apiKey: resolvedOption({
    group: 'destination',
    description: 'Project API key of the PostHog project that receives the events (`phc_…`)',
    rule: rules.apiKeyRule,
    fallback: createSecret(''),
    defaultText: 'required',
    resolve: (given) => createSecret(usableApiKey(given)),
    environment: { variable: 'POSTHOG_API_KEY', whenWrong: 'stop' },
    missing: rules.API_KEY_MISSING,
    lookAlikes: ['projectToken', 'projectApiKey', 'projectKey', 'token', 'key', 'writeKey', 'apiToken'],
  }),
  endpoint: resolvedOption({
    group: 'destination',
    description: 'Where PostHog takes events: `us`, `eu`, or the URL of your PostHog or proxy',
    rule: rules.endpointRule,
    fallback: defaults.DEFAULT_ENDPOINT,
    resolve: usableEndpoint,
    environment: { variable: 'POSTHOG_HOST', whenWrong: 'stop' },
    lookAlikes: ['host', 'url', 'apiHost', 'hostname', 'baseUrl', 'region', 'ingestionHost'],
  }),
  headers: resolvedOption({
    group: 'destination',
    description: 'HTTP headers added to each request, for a proxy in front of PostHog',
    rule: rules.headersRule,
    fallback: toHeadersFunction(undefined),
    defaultText: 'none',
    resolve: toHeadersFunction,
    problem: { code: 'headers-invalid', fix: 'Correct it or leave it out.' },
    isHidden: true,
    lookAlikes: ['requestHeaders', 'customHeaders', 'httpHeaders'],
  }),
  dispatcher: option({
    group: 'destination',
    description: 'undici dispatcher that makes the requests, for a proxy or certificates of your own',
    rule: objectWith<HttpDispatcher>('undici `Dispatcher`', ['request'], 'a dispatcher of undici'),
    fallback: undefined,
    defaultText: "undici's global one",
    isHidden: true,
    lookAlikes: ['proxy', 'agent', 'httpAgent', 'httpsAgent', 'fetch'],
  }),
  enabled: option<boolean | 'auto'>({
    group: 'destination',
    description: '`false` takes spans and sends nothing; `auto` does so where no API key is found',
    rule: rules.enabledRule,
    fallback: true,
    environment: {
      variable: 'OTEL_SDK_DISABLED',
      whenWrong: 'ignore',
      // OpenTelemetry's rule for booleans: only "true" is true. "false" says nothing about this exporter.
      fromText: (text) => {
        const word = text.toLowerCase();
        return word === 'true' ? false : word === 'false' ? undefined : text;
      },
      expects: 'must be "true" or "false"',
    },
    lookAlikes: ['disabled', 'disable', 'enable', 'active'],
  }),
  configFile: option({
    group: 'destination',
    description:
      'Configuration file; `true` for the one that `configure` writes for the user, `false` for none',
    rule: rules.configFileRule,
    fallback: false,
    defaultText: 'none',
    environment: { variable: CONFIG_FILE_VARIABLE, whenWrong: 'stop' },
    lookAlikes: ['config', 'configPath', 'configurationFile'],
  }),
  destination: option({
    group: 'destination',
    description: 'Which destination of a configuration file with several is meant',
    rule: rules.destinationRule,
    fallback: undefined,
    defaultText: 'the only one',
    environment: { variable: 'POSTHOG_LLM_DESTINATION', whenWrong: 'stop' },
    lookAlikes: ['destinationName', 'lane'],
  }),

  privacyMode: option({
    group: 'content',
    description: 'True withholds everything that was said; a function decides for each call',
    rule: rules.privacyModeRule,
    fallback: false,
    // Never used while there is a problem; if it were, nothing private would leave.
    whenWrong: true,
    environment: { variable: PRIVACY_MODE_VARIABLE, whenWrong: 'stop' },
    problem: {
      code: 'privacy-mode-invalid',
      fix: 'Nothing is sent until it is clear whether content may be.',
    },
    lookAlikes: ['privacy', 'private', 'hideContent', 'captureContent', 'recordInputs', 'hideInputs'],
  }),
  media: option({
    group: 'content',
    description: 'Whether files inside messages (base64 images, audio, documents) are sent',
    rule: oneOf(['remove', 'keep']),
    fallback: 'remove',
    lookAlikes: ['images', 'attachments', 'keepMedia'],
  }),
  redact: resolvedOption({
    group: 'content',
    description: 'Ready-made maskers, such as `email` and `credit_card`',
    rule: rules.redactRule,
    fallback: redactorsNamed([]),
    defaultText: 'none',
    resolve: redactorsNamed,
    environment: { variable: 'POSTHOG_LLM_REDACT', whenWrong: 'stop' },
    lookAlikes: ['redactors', 'redaction', 'redactions', 'pii', 'scrub'],
  }),
  mask: option({
    group: 'content',
    description: 'Sees every text of content and returns what is sent instead',
    rule: callback<Mask>('(text, context) => string'),
    fallback: undefined,
    lookAlikes: ['masking', 'masker', 'maskFunction', 'masks', 'beforeSend', 'sanitize'],
  }),
  distinctId: option({
    group: 'content',
    description: '`distinct_id` for calls whose span names no user',
    rule: rules.distinctIdRule,
    fallback: undefined,
    defaultText: 'anonymous, derived',
    lookAlikes: ['userId', 'user', 'posthogDistinctId'],
  }),
  metadataPrefix: option({
    group: 'content',
    description: 'Put before the names of custom trace metadata',
    rule: rules.metadataPrefixRule,
    fallback: defaults.DEFAULT_METADATA_PREFIX,
    lookAlikes: ['propertyPrefix', 'prefix'],
  }),
  maxMetadataDepth: option({
    group: 'content',
    description: 'Levels of nested custom metadata that are sent',
    rule: wholeNumber(1, 10),
    fallback: defaults.DEFAULT_MAX_METADATA_DEPTH,
    lookAlikes: ['metadataDepth', 'maxDepth'],
  }),
  namedTraceEvents: option({
    group: 'content',
    description: 'Whether a named trace whose root is not sent gets an `$ai_trace` event with its name',
    rule: flag(),
    fallback: true,
    lookAlikes: ['traceEvents', 'nameTraces', 'namedTraces'],
  }),
  modelPrices: option({
    group: 'content',
    description:
      'Own prices by model, in US dollars per million tokens; `*` at the end stands for any ending',
    rule: rules.modelPricesRule,
    fallback: undefined,
    defaultText: "PostHog's price list",
    lookAlikes: ['prices', 'pricing', 'tokenPrices', 'customPrices', 'modelPricing'],
  }),
  disableGeoip: option({
    group: 'content',
    description:
      'Whether PostHog is told not to locate the events by the address of the server that sends them',
    rule: flag(),
    fallback: true,
    lookAlikes: ['geoipDisable', 'disableGeoIp', 'geoip', 'geoIpDisable'],
  }),
  includeAttributes: resolvedOption({
    group: 'content',
    description: 'Span attributes to send in addition, by name or beginning (`shop.*`)',
    rule: rules.includeAttributesRule,
    fallback: Object.freeze<string[]>([]),
    defaultText: 'none',
    resolve: (given) => Object.freeze([...given]),
    lookAlikes: ['attributes', 'extraAttributes', 'includedAttributes'],
  }),

  rules: resolvedOption({
    group: 'calls',
    description: 'Only calls that meet this rule are sent; plain data',
    rule: rules.rulesRule,
    fallback: undefined,
    resolve: (given) => {
      const compiled = compileRule(given);
      return compiled.type === 'usable' ? compiled.test : undefined;
    },
    lookAlikes: ['rule', 'conditions'],
  }),
  filter: option({
    group: 'calls',
    description: 'Decides for each call whether it is sent',
    rule: callback<CallFilter>('(call) => boolean'),
    fallback: undefined,
    lookAlikes: ['shouldExport', 'shouldExportSpan', 'filterSpan', 'spanFilter', 'predicate'],
  }),
  samplingRate: option({
    group: 'calls',
    description: 'Share of the sessions that is sent, 0.0001 to 1',
    rule: rules.samplingRateRule,
    fallback: 1,
    environment: { variable: 'POSTHOG_LLM_SAMPLING_RATE', whenWrong: 'ignore' },
    lookAlikes: ['sampleRate', 'sampling', 'tracesSampleRate', 'samplingRatio', 'sampler'],
  }),
  alwaysKeep: option({
    group: 'calls',
    description: 'Calls that are sent whatever `samplingRate` says: failed, slow or costly ones',
    rule: rules.alwaysKeepRule,
    fallback: {},
    defaultText: 'none',
    lookAlikes: ['keep', 'alwaysSend', 'alwaysSample'],
  }),

  timeoutMs: option({
    group: 'delivery',
    description: 'Milliseconds for one HTTP request',
    rule: milliseconds(1, MAX_TIMER_MS, 100),
    fallback: defaults.DEFAULT_TIMEOUT_MS,
    lookAlikes: ['timeout', 'timeoutMillis', 'requestTimeout', 'requestTimeoutMs'],
  }),
  deadlineMs: option({
    group: 'delivery',
    description: 'Milliseconds for one export with all its requests, retries and waits',
    rule: milliseconds(1, MAX_TIMER_MS, 100),
    fallback: defaults.DEFAULT_DEADLINE_MS,
    lookAlikes: ['deadline', 'deadlineMillis'],
  }),
  shutdownTimeoutMs: option({
    group: 'delivery',
    description: 'Milliseconds for `shutdown`, within which what is not delivered is in the spool or counted',
    rule: milliseconds(1, MAX_TIMER_MS, 100),
    fallback: defaults.DEFAULT_SHUTDOWN_TIMEOUT_MS,
    lookAlikes: ['shutdownTimeout', 'shutdownTimeoutMillis', 'shutdownMs'],
  }),
  maxRetries: option({
    group: 'delivery',
    description: 'Further attempts for a request that failed in a passing way',
    rule: wholeNumber(0, 100),
    fallback: defaults.DEFAULT_MAX_RETRIES,
    lookAlikes: ['retries', 'retry', 'maxRetry', 'maxAttempts', 'fetchRetryCount'],
  }),
  maxConcurrentRequests: option({
    group: 'delivery',
    description: 'Requests under way at a time; others wait for their turn',
    rule: wholeNumber(1, 1_000),
    fallback: defaults.DEFAULT_MAX_CONCURRENT_REQUESTS,
    lookAlikes: ['concurrency', 'concurrencyLimit', 'maxConnections', 'maxSockets'],
  }),
  compression: option({
    group: 'delivery',
    description: 'Compression of request bodies',
    rule: oneOf(['gzip', 'none']),
    fallback: 'gzip',
    lookAlikes: ['gzip', 'compress', 'disableCompression'],
  }),
  maxBatchBytes: option({
    group: 'delivery',
    description: 'Bytes of one request body before compression that are aimed for',
    rule: byteCount(defaults.MIN_BATCH_BYTES_LIMIT, defaults.MAX_BATCH_BYTES_LIMIT),
    fallback: defaults.DEFAULT_MAX_BATCH_BYTES,
    defaultText: '5 MiB',
    lookAlikes: ['batchBytes', 'maxBodyBytes', 'maxRequestBytes'],
  }),
  maxInFlightBytes: option({
    group: 'delivery',
    description: 'Bytes of events in memory that are being sent',
    rule: byteCount(defaults.MIN_HELD_BYTES, Number.MAX_SAFE_INTEGER),
    fallback: defaults.DEFAULT_MAX_IN_FLIGHT_BYTES,
    defaultText: '64 MiB',
    lookAlikes: ['maxMemory', 'maxMemoryBytes', 'inFlightBytes', 'maxInFlight'],
  }),
  spool: resolvedOption({
    group: 'delivery',
    description: 'Keeps on disk what cannot be delivered: directory, size, age and mode',
    rule: spoolRule,
    fallback: undefined,
    environment: { variable: 'POSTHOG_LLM_SPOOL_DIRECTORY', whenWrong: 'stop' },
    resolve: resolveSpool,
    lookAlikes: ['spoolDirectory', 'spoolDir', 'diskQueue', 'persistence', 'storage'],
  }),

  logger: resolvedOption({
    group: 'reporting',
    description: "Takes the exporter's own messages; `false` silences it",
    rule: rules.loggerRule,
    fallback: defaultLogger,
    defaultText: "OpenTelemetry's `diag` where a logger is set for it, else standard error",
    resolve: (given) => (given === false ? silentLogger : guardLogger(given)),
    isHidden: true,
    lookAlikes: ['log', 'diag', 'logLevel'],
  }),
  debug: option({
    group: 'reporting',
    description:
      'True says each request and what becomes of each AI span, on standard error or by `logger.debug`',
    rule: flag(),
    fallback: false,
    environment: { variable: 'POSTHOG_LLM_DEBUG', whenWrong: 'ignore' },
    lookAlikes: ['verbose', 'logging'],
  }),
  onEvent: option({
    group: 'reporting',
    description: 'Sees every event as it is sent, for tests and logs',
    rule: callback<(event: PostHogLLMEvent) => void>('(event) => void'),
    fallback: undefined,
    lookAlikes: ['onExport', 'onSend', 'onEvents', 'eventHandler'],
  }),
  uiHost: option({
    group: 'reporting',
    description: 'Address of PostHog in the browser, for links to traces',
    rule: rules.uiHostRule,
    fallback: undefined,
    defaultText: 'that of the cloud region of `endpoint`',
    lookAlikes: ['ui_host', 'appHost', 'appUrl', 'uiUrl'],
  }),
  meterProvider: option({
    group: 'reporting',
    description: "Receives the exporter's own metrics",
    rule: objectWith<MeterProvider>(
      'OpenTelemetry `MeterProvider`',
      ['getMeter'],
      'a meter provider of OpenTelemetry',
    ),
    fallback: undefined,
    isHidden: true,
    lookAlikes: ['meter', 'metrics'],
  }),
} satisfies OptionTable;

export type ExporterOptionName = keyof typeof EXPORTER_OPTIONS;
