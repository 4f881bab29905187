import { hash as digest } from 'node:crypto';
import type { LlmCall } from '../call/llm-call.ts';
import { namesNobody } from '../call/no-identity.ts';
import type { AiEventName } from '../posthog-event.ts';

/** Names the user of one call; `undefined` leaves the call anonymous. */
export type DistinctIdOfCall = (call: LlmCall) => string | undefined;

/** Longest distinct id that PostHog keeps whole (capture truncates beyond, with a warning). */
export const MAX_DISTINCT_ID_CHARACTERS = 200;

/** Longest trace or session id that is sent as it is; PostHog's own ids stay far below. */
const MAX_ID_CHARACTERS = 200;

/**
 * The event's UUID, version 7: 48 bits of the event's time, the rest from a hash of what identifies the span. The same
 * span gives the same UUID in every process and on every retry, which is what PostHog de-duplicates by; version 7
 * because PostHog warns of other versions and searches by the time inside.
 */
export function eventUuid(call: LlmCall, event: AiEventName): string {
  return uuidOf(eventTimeMs(call), `${call.traceId}:${call.spanId}:${event}`);
}

/** A version 7 UUID of a time and of what identifies the event. */
export function uuidOf(timeMs: number | undefined, identity: string): string {
  const hash = digest('sha256', identity);
  const time = Math.max(0, Math.floor(timeMs ?? 0));
  // In two groups, as it is written: the engine takes long to write a number of 48 bits in hexadecimal.
  const high = Math.floor(time / 0x10000);
  const low = time - high * 0x10000;
  const variant = ((Number.parseInt(hash[3] ?? '0', 16) & 0x3) | 0x8).toString(16);
  return `${hex(high, 8)}-${hex(low, 4)}-7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`;
}

/** The last so many digits. */
function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0').slice(-digits);
}

/** Span end, which PostHog reads as the end of the operation; a span that never got an end time counts from its start. */
export function eventTimestamp(call: LlmCall): string | undefined {
  const timeMs = eventTimeMs(call);
  return timeMs === undefined ? undefined : isoTime(Math.floor(timeMs));
}

/** The second that was written last, without its milliseconds. What it buys: most calls of one export share few. */
let known = { startMs: Number.NaN, text: '' };

function isoTime(timeMs: number): string {
  const startMs = timeMs - (timeMs % 1000);
  if (startMs !== known.startMs) known = { startMs, text: new Date(startMs).toISOString().slice(0, -4) };
  return `${known.text}${String(timeMs - startMs).padStart(3, '0')}Z`;
}

function eventTimeMs(call: LlmCall): number | undefined {
  return call.endTimeMs ?? call.startTimeMs;
}

export interface Distinct {
  readonly distinctId: string;
  /** Derived, not a person: PostHog must not make a profile of it. */
  readonly isAnonymous: boolean;
}

/** The user, else the configured fallback, else a stable anonymous id of the session, else of the trace. */
export function distinctIdOf(call: LlmCall, fallback: string | undefined): Distinct {
  const known = usableDistinctId(call.trace.user) ?? usableDistinctId(fallback);
  if (known !== undefined) return { distinctId: known, isAnonymous: false };
  const { sessionId } = call.trace;
  const seed = sessionId === undefined ? `trace:${aiTraceId(call)}` : `session:${sessionId}`;
  return { distinctId: anonymousId(seed), isAnonymous: true };
}

/** The same anonymous id for the same seed, in every process. */
export function anonymousId(seed: string): string {
  return `anon_${shortHash(seed)}`;
}

/** The id as PostHog stores it, `undefined` when PostHog would refuse it. */
export function usableDistinctId(id: string | undefined): string | undefined {
  if (id === undefined) return undefined;
  // Cut before anything looks at it: whoever calls a gateway may choose it.
  const trimmed = id
    .trimStart()
    .slice(0, 4 * MAX_DISTINCT_ID_CHARACTERS)
    .trimEnd();
  if (namesNobody(trimmed)) return undefined;
  // PostHog stores U+FFFD for NUL; doing it here keeps a retry identical to what is stored.
  const stored = trimmed.replaceAll('\0', '\uFFFD');
  return stored.length <= MAX_DISTINCT_ID_CHARACTERS
    ? stored
    : [...stored].slice(0, MAX_DISTINCT_ID_CHARACTERS).join('');
}

/** The application's trace id when it set one, else the span's. */
export function aiTraceId(call: LlmCall): string {
  return call.trace.traceId === undefined ? call.traceId : urlSafeId(call.trace.traceId);
}

/**
 * Replaces characters that PostHog's trace URLs cannot carry; its documented alphabet is letters, digits and
 * `- _ ~ . @ ( ) ! ' : |`. An id that is too long keeps its beginning and ends in a hash of the whole.
 */
export function urlSafeId(id: string): string {
  const safe = id.trim().replace(/[^A-Za-z0-9\-_~.@()!':|]/gu, '_');
  return safe.length <= MAX_ID_CHARACTERS
    ? safe
    : `${safe.slice(0, MAX_ID_CHARACTERS - 33)}~${shortHash(id)}`;
}

function shortHash(text: string): string {
  return digest('sha256', text).slice(0, 32);
}
