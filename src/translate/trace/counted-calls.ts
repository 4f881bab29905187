import { areDuplicates, type CallFingerprint } from './same-call.ts';

/** Calls remembered at most, and at least the half of them that came last: more than run at the same time. */
export const MAX_RECENT_CALLS = 8_192;

/** Calls under one key that are compared with, at most. */
const MAX_ALIKE = 64;

/** Calls counted lately: two instrumentations of one call may write into different traces. */
export interface CountedCalls {
  readonly size: number;
  /** Whether calls of an instrumentation other than this one are remembered, so that a duplicate is possible at all. */
  hasOthersThan(scopeName: string): boolean;
  add(print: CallFingerprint): void;
  remove(print: CallFingerprint): void;
  /** Another instrumentation's record of the same call, by another span. */
  findDuplicate(print: CallFingerprint): CallFingerprint | undefined;
}

/** Calls of one half of the memory. */
interface Generation {
  readonly prints: CallFingerprint[];
  readonly scopes: Set<string>;
  /** By what duplicates share, made when a duplicate is first looked for: where one instrumentation is at work, never. */
  index: Map<string, CallFingerprint[]> | undefined;
}

/**
 * By keys that duplicates share (the response id, else the question, else the tokens), so that a call is compared with few
 * others however many there are.
 */
export function createCountedCalls(): CountedCalls {
  let younger = emptyGeneration();
  let older = emptyGeneration();
  return {
    get size() {
      return younger.prints.length + older.prints.length;
    },
    hasOthersThan(scopeName) {
      return hasOthers(younger, scopeName) || hasOthers(older, scopeName);
    },
    add(print) {
      if (younger.prints.length >= MAX_RECENT_CALLS / 2) {
        older = younger;
        younger = emptyGeneration();
      }
      younger.prints.push(print);
      younger.scopes.add(print.scopeName);
      if (younger.index) addTo(younger.index, print);
    },
    remove(print) {
      for (const { prints, index } of [younger, older]) {
        takeOut(prints, print);
        if (index) for (const key of keysOf(print)) takeOut(index.get(key) ?? [], print);
      }
    },
    findDuplicate(print) {
      if (!this.hasOthersThan(print.scopeName)) return undefined;
      const keys = keysOf(print);
      for (const generation of [younger, older]) {
        if (!hasOthers(generation, print.scopeName)) continue;
        generation.index ??= indexOf(generation.prints);
        for (const key of keys) {
          const alike = generation.index.get(key);
          const duplicate = alike?.findLast((past) => !isItself(past, print) && areDuplicates(past, print));
          if (duplicate) return duplicate;
        }
      }
      return undefined;
    },
  };
}

function hasOthers({ scopes }: Generation, scopeName: string): boolean {
  return scopes.size > (scopes.has(scopeName) ? 1 : 0);
}

function emptyGeneration(): Generation {
  return { prints: [], scopes: new Set(), index: undefined };
}

function indexOf(prints: readonly CallFingerprint[]): Map<string, CallFingerprint[]> {
  const index = new Map<string, CallFingerprint[]>();
  for (const print of prints) addTo(index, print);
  return index;
}

function addTo(index: Map<string, CallFingerprint[]>, print: CallFingerprint): void {
  for (const key of keysOf(print)) {
    const alike = index.get(key);
    if (alike === undefined) index.set(key, [print]);
    else if (alike.push(print) > MAX_ALIKE) alike.shift();
  }
}

function takeOut(prints: CallFingerprint[], print: CallFingerprint): void {
  const at = prints.indexOf(print);
  if (at >= 0) prints.splice(at, 1);
}

function isItself(a: CallFingerprint, b: CallFingerprint): boolean {
  return a.spanId === b.spanId && a.traceId === b.traceId;
}

function keysOf({ kind, responseId, questionHash, inputTokens, outputTokens }: CallFingerprint): string[] {
  const keys: string[] = [];
  if (responseId !== undefined) keys.push(`id ${responseId}`);
  if (questionHash !== undefined) keys.push(`asked ${questionHash}`);
  // Embeddings of one tracer may have no tokens at all.
  keys.push(kind === 'embedding' ? kind : `${inputTokens} ${outputTokens}`);
  return keys;
}
