import { areTwins, type CallFingerprint } from './same-call.ts';

/** Calls remembered at most, and at least the half of them that came last: more than run at the same time. */
const MAX_RECENT_CALLS = 8_192;

/** Calls under one key that are compared with, at most. */
const MAX_ALIKE = 64;

/** Calls counted lately: two instrumentations of one call may write into different traces. */
export interface RecentCalls {
  readonly size: number;
  /** Whether calls of an instrumentation other than this one are remembered, so that a twin is possible at all. */
  hasOthersThan(scopeName: string): boolean;
  add(print: CallFingerprint): void;
  remove(print: CallFingerprint): void;
  /** Another instrumentation's record of the same call, by another span. */
  findTwin(print: CallFingerprint): CallFingerprint | undefined;
}

/** Calls of one generation by what twins have in common. */
type Shelf = Map<string, CallFingerprint[]>;

/**
 * By keys that twins share (the response id, else the question, else the tokens), so that a call is compared with few
 * others however many there are.
 */
export function createRecentCalls(): RecentCalls {
  let younger: Shelf = new Map();
  let older: Shelf = new Map();
  let size = 0;
  let olderSize = 0;
  let scopes = new Set<string>();
  let olderScopes = new Set<string>();
  return {
    get size() {
      return size + olderSize;
    },
    hasOthersThan(scopeName) {
      const others = (known: ReadonlySet<string>) => known.size > (known.has(scopeName) ? 1 : 0);
      return others(scopes) || others(olderScopes);
    },
    add(print) {
      if (size >= MAX_RECENT_CALLS / 2) {
        [older, olderSize, olderScopes] = [younger, size, scopes];
        [younger, size, scopes] = [new Map(), 0, new Set()];
      }
      size += 1;
      scopes.add(print.scopeName);
      for (const key of keysOf(print)) {
        const alike = younger.get(key);
        if (alike === undefined) younger.set(key, [print]);
        else if (alike.push(print) > MAX_ALIKE) alike.shift();
      }
    },
    remove(print) {
      for (const shelf of [younger, older]) {
        for (const key of keysOf(print)) {
          const alike = shelf.get(key);
          const index = alike?.indexOf(print) ?? -1;
          if (index >= 0) alike?.splice(index, 1);
        }
      }
    },
    findTwin(print) {
      for (const key of keysOf(print)) {
        for (const shelf of [younger, older]) {
          const twin = shelf.get(key)?.findLast((past) => !isItself(past, print) && areTwins(past, print));
          if (twin) return twin;
        }
      }
      return undefined;
    },
  };
}

function isItself(a: CallFingerprint, b: CallFingerprint): boolean {
  return a.spanId === b.spanId && a.traceId === b.traceId;
}

function keysOf({ kind, responseId, questionHash, inputTokens, outputTokens }: CallFingerprint): string[] {
  const keys: string[] = [];
  if (responseId !== undefined) keys.push(`id ${responseId}`);
  if (questionHash !== undefined) keys.push(`asked ${questionHash}`);
  // Embeddings of one tracer may tell no tokens at all.
  keys.push(kind === 'embedding' ? kind : `${inputTokens} ${outputTokens}`);
  return keys;
}
