import type { LlmCall } from '../call/llm-call.ts';

/** Calls that are sent whatever the sampling rate says. */
export interface AlwaysKeep {
  /** Calls that failed. */
  readonly errors?: boolean | undefined;
  /** Milliseconds from start to end. */
  readonly slowerThanMs?: number | undefined;
  /** US dollars, as far as the span carries a cost. */
  readonly costlierThanUsd?: number | undefined;
}

export interface Sampling {
  /** Share of the sessions (else traces) that is sent, 0.0001 to 1. */
  readonly rate: number;
  readonly alwaysKeep: AlwaysKeep;
}

export type Sample = { readonly isSent: true; readonly weight?: number } | { readonly isSent: false };

/** 2^32: number of values of the hash. */
const HASH_RANGE = 0x1_0000_0000;

/**
 * Whether a call is in the sample, and for how many calls it stands. By a hash of the session, else of the trace: one
 * conversation is sent as a whole or not at all, and every process answers alike. What is kept at a rate of r has
 * weight 1/r; what is always kept stands for itself alone.
 */
export function sampleCall(call: LlmCall, { rate, alwaysKeep }: Sampling): Sample {
  if (rate >= 1) return { isSent: true };
  if (isAlwaysSent(call, alwaysKeep)) return { isSent: true, weight: 1 };
  const { sessionId, traceId } = call.trace;
  const unit = sessionId ?? traceId ?? call.traceId;
  return hash(unit) < rate * HASH_RANGE ? { isSent: true, weight: 1 / rate } : { isSent: false };
}

function isAlwaysSent(call: LlmCall, { errors, slowerThanMs, costlierThanUsd }: AlwaysKeep): boolean {
  if (errors === true && call.error !== undefined) return true;
  const { startTimeMs, endTimeMs, cost } = call;
  if (slowerThanMs !== undefined && startTimeMs !== undefined && endTimeMs !== undefined) {
    if (endTimeMs - startTimeMs > slowerThanMs) return true;
  }
  const costUsd = cost && (cost.totalUsd ?? (cost.inputUsd ?? 0) + (cost.outputUsd ?? 0));
  return costlierThanUsd !== undefined && costUsd !== undefined && costUsd > costlierThanUsd;
}

/**
 * 32 bits of a text, evenly spread: FNV-1a over its UTF-16 units, then the finalizer of MurmurHash3, since ids that
 * differ in the last character only would otherwise land close to each other.
 */
function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) bits = Math.imul(bits ^ text.charCodeAt(i), 0x01000193);
  bits ^= bits >>> 16;
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  bits ^= bits >>> 16;
  return bits >>> 0;
}
