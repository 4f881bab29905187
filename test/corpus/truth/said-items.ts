import type { EventItem } from './event-items.ts';
import type { Evidence } from './evidence.ts';
import { canonical, parse } from './json.ts';
import type { TruthItem } from './truth-call.ts';

/** Whether the span holds the item at all. */
export function isRecorded(item: TruthItem, evidence: Evidence, texts: readonly string[] = []): boolean {
  switch (item.type) {
    case 'text':
    case 'reasoning':
    case 'tool_result':
      return item.text !== '' && evidence.hasTextApartFrom(item.text, texts);
    case 'tool_call':
      return evidence.hasExactly(item.name) && evidence.hasValue(item.args);
    case 'media':
      return evidence.hasText(withoutPrefix(item.data));
  }
}

/** The item in the event; one that comes after the previous item is preferred. */
export function findItem(item: TruthItem, said: readonly EventItem[], after: number): EventItem | undefined {
  const matches = said.filter((other) => isSame(item, other));
  return matches.find(({ place }) => place >= after) ?? matches[0];
}

function isSame(truth: TruthItem, said: TruthItem): boolean {
  switch (truth.type) {
    case 'text':
    case 'reasoning':
    case 'tool_result':
      return said.type === truth.type && holdsText(said.text, truth.text);
    case 'tool_call':
      if (said.type === 'text') return isObjectByTool(truth, said.text);
      return (
        said.type === 'tool_call' &&
        said.name === truth.name &&
        canonical(said.args) === canonical(truth.args)
      );
    case 'media':
      return said.type === 'media' && said.data.includes(withoutPrefix(truth.data));
  }
}

/** Structured output that is had by way of a tool is an answer, not a call, for the application. */
function isObjectByTool(call: Extract<TruthItem, { type: 'tool_call' }>, text: string): boolean {
  return canonical(parse(text)) === canonical(call.args);
}

function holdsText(said: string, truth: string): boolean {
  if (said.trim() === truth.trim() || (truth.length >= 12 && said.includes(truth.trim()))) return true;
  const value = parse(truth);
  return typeof value === 'object' && value !== null && canonical(parse(said)) === canonical(value);
}

function withoutPrefix(data: string): string {
  return data.replace(/^data:[^,]*,/, '');
}

/** Every text inside, the longest first. */
export function textsIn(value: unknown): readonly string[] {
  const texts: string[] = [];
  const visit = (member: unknown) => {
    if (typeof member === 'string') texts.push(member.trim());
    else if (typeof member === 'object' && member !== null)
      for (const inner of Object.values(member)) visit(inner);
  };
  visit(value);
  return texts.filter((text) => text !== '').sort((a, b) => b.length - a.length);
}

export function isAllowed(item: TruthItem, allowed: readonly string[]): boolean {
  if (!('text' in item)) return true;
  const text = item.text.trim();
  if (text === '' || allowed.some((known) => known.includes(text))) return true;
  const value = parse(text);
  if (typeof value === 'object' && value !== null) {
    if (item.type === 'tool_result') return textsIn(value).every((inner) => allowed.includes(inner));
    const same = canonical(value);
    return allowed.some((known) => /^[[{]/.test(known) && canonical(parse(known)) === same);
  }
  const rest = allowed.reduce((left, known) => left.replaceAll(known, ''), text);
  return !/[\p{L}\p{N}]/u.test(rest);
}
