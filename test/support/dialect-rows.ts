import { expect, it } from 'vitest';
import type { LlmCall } from '../../src/translate/call/llm-call.ts';
import { readCall } from '../../src/translate/reading/read-call.ts';
import { type SpanParts, span } from './spans.ts';

/** One rule of a dialect: a small span and what it must become. */
export interface DialectRow {
  readonly rule: string;
  readonly span: SpanParts;
  /** Matched as a part of the call. */
  readonly call?: Readonly<Record<string, unknown>>;
  /** Dotted paths into the call that must hold nothing. */
  readonly absent?: readonly string[];
}

export function itReads(rows: readonly DialectRow[]): void {
  it.each(rows)('$rule', ({ span: parts, call, absent }) => {
    const read = readParts(parts);
    if (call) expect(read).toMatchObject(call);
    for (const path of absent ?? []) expect([path, valueAt(read, path)]).toEqual([path, undefined]);
  });
}

/** The call that a span becomes; fails when the span is taken for foreign. */
export function readParts(parts: SpanParts): LlmCall {
  const result = readCall(span(parts));
  if (result.type !== 'call') throw new Error(`not a call: ${result.because}`);
  return result.call;
}

function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, key) =>
        typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
      value,
    );
}
