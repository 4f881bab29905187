import { inputOf, type LlmCall } from '../call/llm-call.ts';
import type { Message, Part } from '../call/messages.ts';
import { recordedIn } from '../call/recorded-parts.ts';
import type { Usage } from '../call/usage.ts';

/** What is remembered of a model call to recognise another record of it; holds no content. */
export class CallFingerprint {
  readonly traceId: string;
  readonly spanId: string;
  readonly scopeName: string;
  readonly kind: LlmCall['kind'];
  readonly responseId: string | undefined;
  readonly model: string | undefined;
  readonly startTimeMs: number | undefined;
  readonly endTimeMs: number | undefined;
  /** Input tokens with cached ones, whichever way the emitter counts. */
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  /** Hash of what the model was asked last, absent when that is not recorded or was not looked at. */
  questionHash: number | undefined;
  /** Where it was recorded: calls of two services are not one, however alike. */
  readonly service: string | undefined;

  constructor(call: LlmCall) {
    this.traceId = call.traceId;
    this.spanId = call.spanId;
    this.scopeName = call.scope.name;
    this.kind = call.kind;
    this.responseId = call.responseId;
    this.model = call.model;
    this.startTimeMs = call.startTimeMs;
    this.endTimeMs = call.endTimeMs;
    this.inputTokens = call.usage && inclusiveInput(call.usage);
    this.outputTokens = call.usage?.outputTokens;
    this.service = call.service['service.name'];
  }
}

/** How sure it is that two spans record one and the same model call. */
export type Likeness = 'same' | 'different' | 'unknown';

/**
 * Compares a call with one directly around it, by response id, else by model, time and tokens.
 *
 * `unknown` means that nothing speaks against it but one of them holds too little.
 */
export function compareNested(a: CallFingerprint, b: CallFingerprint): Likeness {
  if (a.kind !== b.kind) return 'different';
  if (a.responseId !== undefined && a.responseId === b.responseId) return 'same';
  if (haveOtherIds(a, b) || !modelsMatch(a.model, b.model) || !overlap(a, b)) return 'different';
  const input = compareCounts(a.inputTokens, b.inputTokens);
  const output = compareCounts(a.outputTokens, b.outputTokens);
  if (input === 'different' || output === 'different') return 'different';
  return input === 'same' && output === 'same' ? 'same' : 'unknown';
}

/**
 * Whether two records that are not below each other, of two instrumentations, are of one call: they have the same
 * response id, or nothing parts them (model, time, tokens, service) and they were asked the same question. Where one
 * records no question, equal tokens stand for it within one trace, and for the tracer that a provider's own SDK brings.
 */
export function areDuplicates(a: CallFingerprint, b: CallFingerprint): boolean {
  if (a.kind !== b.kind || a.scopeName === b.scopeName) return false;
  if (a.responseId !== undefined && a.responseId === b.responseId) return true;
  const likeness = compareNested(a, b);
  if (likeness === 'different' || (a.traceId !== b.traceId && a.service !== b.service)) return false;
  if (a.questionHash !== undefined && b.questionHash !== undefined) return a.questionHash === b.questionHash;
  if (a.traceId === b.traceId) return likeness === 'same';
  return (isNative(a) || isNative(b)) && (likeness === 'same' || a.kind === 'embedding');
}

/** Tracers inside of the providers' SDKs, which instrumentations of the same SDKs do not know of. */
const NATIVE_SCOPES = /^(?:mistralai_sdk_tracer|com\.anthropic\.sdk\.)/;

export function isNativeScope(scopeName: string): boolean {
  return NATIVE_SCOPES.test(scopeName);
}

function isNative({ scopeName }: CallFingerprint): boolean {
  return isNativeScope(scopeName);
}

/** Whether their answers have different ids of one family, so that they are two answers. */
export function haveOtherIds(
  { responseId: a }: CallFingerprint,
  { responseId: b }: CallFingerprint,
): boolean {
  return a !== undefined && b !== undefined && a !== b && idFamily(a) === idFamily(b);
}

/** Whether one began after the other had ended. */
export function isApart(a: CallFingerprint, b: CallFingerprint): boolean {
  return !overlap(a, b);
}

/** What the model was asked last, the texts of the last message that is no answer of its own; content is not remembered. */
export function hashOfQuestion(call: LlmCall): number | undefined {
  if (call.embeddingInput !== undefined) {
    const texts = [call.embeddingInput].flat().map((text) => ({ type: 'text' as const, text }));
    return hashOfTexts([{ role: 'user', parts: texts }]);
  }
  const asked = inputOf(call)?.findLast(({ role, parts }) => role !== 'assistant' && parts.length > 0);
  return asked && hashOfTexts([asked]);
}

/** OpenTelemetry counts cached tokens in; bring the other way to that before comparing. */
export function inclusiveInput(usage: Usage): number | undefined {
  if (usage.inputTokens === undefined || usage.cacheReporting !== 'exclusive') return usage.inputTokens;
  return usage.inputTokens + (usage.cacheReadTokens ?? 0) + (usage.cacheWriteTokens ?? 0);
}

function compareCounts(a: number | undefined, b: number | undefined): Likeness {
  return a === undefined || b === undefined ? 'unknown' : a === b ? 'same' : 'different';
}

/** One may be the alias and the other the dated name; `openai/` or a region may stand before it. */
function modelsMatch(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined || a === 'unknown' || b === 'unknown') return true;
  const left = a.toLowerCase();
  const right = b.toLowerCase();
  return left.includes(right) || right.includes(left);
}

function overlap(a: CallFingerprint, b: CallFingerprint): boolean {
  if (a.startTimeMs === undefined || b.startTimeMs === undefined) return true;
  if (a.endTimeMs === undefined || b.endTimeMs === undefined) return true;
  return a.startTimeMs <= b.endTimeMs && b.startTimeMs <= a.endTimeMs;
}

/** `chatcmpl` of `chatcmpl-abc`: ids of different families (message, request, generation) cannot be compared. */
function idFamily(id: string): string {
  return /^[a-z]+/i.exec(id)?.[0].toLowerCase() ?? '';
}

/**
 * Signs at each end of a text's JSON that are compared: these and the length tell long answers apart well enough. Of
 * JSON, since a text that was not decoded need not be for that.
 */
const COMPARED_SIGNS = 128;

function hashOfTexts(messages: readonly Message[]): number | undefined {
  let hash = 0x811c9dc5;
  let length = 0;
  for (const message of messages) {
    for (const part of message.parts) {
      const text = textIn(part);
      if (text === undefined) continue;
      const recorded = recordedIn(part);
      const [beginning, end] = recorded ? edgesOf(recorded.literal) : edgesOfText(text);
      hash = hashOn(hashOn(hash, beginning), end);
      length += recorded ? recorded.length : text.length;
    }
  }
  return length === 0 ? undefined : Math.imul(hash ^ length, 0x01000193) >>> 0;
}

/** The text of a part, or of what a tool answered. */
function textIn(part: Part): string | undefined {
  if (part.type === 'text') return part.text;
  return part.type === 'tool_result' && typeof part.result === 'string' ? part.result : undefined;
}

function edgesOf(literal: string): [beginning: string, end: string] {
  return [literal.slice(0, COMPARED_SIGNS), literal.slice(-COMPARED_SIGNS)];
}

/** Of the literal that would be written; made of one character more, since half a surrogate pair would be escaped. */
function edgesOfText(text: string): [beginning: string, end: string] {
  const [beginning] = edgesOf(literalOf(text.slice(0, COMPARED_SIGNS + 1)));
  const [, end] = edgesOf(literalOf(text.slice(-COMPARED_SIGNS - 1)));
  return [beginning, end];
}

function literalOf(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** What is hashed: of each sign the lower byte, seen as bytes and as words. */
const compared = Buffer.alloc(COMPARED_SIGNS);
const comparedWords = new Int32Array(compared.buffer, compared.byteOffset, COMPARED_SIGNS / 4);

/** FNV-1a, by words. What it buys: `charCodeAt`, sign by sign, takes five times as long. */
function hashOn(before: number, signs: string): number {
  const bytes = compared.write(signs, 'latin1');
  if (bytes < compared.length) compared.fill(0, bytes);
  let hash = before;
  for (let index = 0; index < comparedWords.length; index++) {
    hash = Math.imul(hash ^ (comparedWords[index] ?? 0), 0x01000193);
  }
  return hash;
}
