/** Ingestion host of PostHog Cloud US, the default of the official SDKs as well. */
export const DEFAULT_ENDPOINT = 'https://us.i.posthog.com';

export const DEFAULT_METADATA_PREFIX = 'metadata_';

/** Levels of nested metadata that are kept; deeper values become `[truncated]`. */
export const DEFAULT_MAX_METADATA_DEPTH = 3;

/** One request. The official PostHog Node SDK waits as long (`requestTimeout`). */
export const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * One export with all its retries. Below the 30 s after which OpenTelemetry's BatchSpanProcessor gives up waiting, so that
 * what could not be delivered is on disk, and counted, by then.
 */
export const DEFAULT_DEADLINE_MS = 25_000;

/** Below the ten seconds that platforms give between SIGTERM and SIGKILL. */
export const DEFAULT_SHUTDOWN_TIMEOUT_MS = 5_000;

/** Twice what a busy exporter needs at 200 ms for an answer, and few sockets for a process that holds thousands. */
export const DEFAULT_MAX_CONCURRENT_REQUESTS = 8;

/** Further attempts after the first; OpenTelemetry's OTLP exporters make five as well. */
export const DEFAULT_MAX_RETRIES = 5;

/** Body size before compression that the official PostHog SDKs aim for on the AI route. */
export const DEFAULT_MAX_BATCH_BYTES = 5 * 1024 * 1024;

/** PostHog refuses larger bodies with 413 (limit of the compressed body on all its v0 routes). */
export const MAX_BATCH_BYTES_LIMIT = 20 * 1024 * 1024;

/** Smaller batches would hold no event at all. */
export const MIN_BATCH_BYTES_LIMIT = 1024;

/** A dozen bodies of the default size: several exports at a time, little beside the heap of an application. */
export const DEFAULT_MAX_IN_FLIGHT_BYTES = 64 * 1024 * 1024;

/** About fifty thousand calls of a few KiB each; small beside the disks of today. */
export const DEFAULT_SPOOL_MAX_BYTES = 256 * 1024 * 1024;

/** An outage over a long weekend, and the days until it is repaired. */
export const DEFAULT_SPOOL_MAX_AGE_MS = 7 * 24 * 60 * 60 * 1000;

/** A spool or a budget below this holds no event. */
export const MIN_HELD_BYTES = 1024;

/** One session of ten thousand; OpenRouter Broadcast takes no lower rate either. */
export const MIN_SAMPLING_RATE = 0.0001;

/** PostHog refuses longer project keys with 401. */
export const MAX_API_KEY_BYTES = 64;
