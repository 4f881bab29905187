import type { Recording } from '../recordings.ts';
import { canonical, type Json, json, parse } from './json.ts';

/** A span as it stands in the recording, read without any code of the package. */
export interface RawSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly scopeName: string;
  readonly attributeNames: readonly string[];
  /** Nanoseconds since the epoch. */
  readonly start: bigint;
  readonly end: bigint;
  readonly hasErrorStatus: boolean;
  /** By status, exception or error type. */
  readonly isError: boolean;
  readonly evidence: Evidence;
}

/** All that a span says, in its attributes, events and log records; JSON in texts is opened up. */
export interface Evidence {
  hasText(text: string): boolean;
  /** Same, but what stands inside one of the others, as a quotation, does not count. */
  hasTextApartFrom(text: string, others: readonly string[]): boolean;
  /** A text that is exactly this. */
  hasExactly(text: string): boolean;
  /** A structured value, or JSON text, equal to this. */
  hasValue(value: unknown): boolean;
  /** A number, also written as text, below a name that matches. */
  hasNumber(count: number, below: RegExp): boolean;
  /** Plain values below a name that matches. */
  valuesBelow(name: RegExp): readonly unknown[];
}

interface Leaf {
  readonly path: string;
  readonly value: string | number | boolean;
}

export function readRawSpans({ spans, logs }: Recording): RawSpan[] {
  const records = logRecordsBySpan(logs);
  return json(spans)
    .at('resourceSpans')
    .items.flatMap((resource) => resource.at('scopeSpans').items)
    .flatMap((scope) => {
      const scopeName = scope.at('scope', 'name').text ?? '';
      return scope.at('spans').items.map((span) => readRawSpan(span, scopeName, records));
    });
}

function readRawSpan(span: Json, scopeName: string, records: ReadonlyMap<string, unknown[]>): RawSpan {
  const traceId = span.at('traceId').text ?? '';
  const spanId = span.at('spanId').text ?? '';
  const attributes = readAttributes(span.at('attributes'));
  const events = span
    .at('events')
    .items.map((event) => [event.at('name').text, readAttributes(event.at('attributes'))]);
  const hasErrorStatus = span.at('status', 'code').number === 2;
  return {
    traceId,
    spanId,
    parentSpanId: span.at('parentSpanId').text || undefined,
    name: span.at('name').text ?? '',
    scopeName,
    attributeNames: Object.keys(attributes),
    start: BigInt(span.at('startTimeUnixNano').text ?? 0),
    end: BigInt(span.at('endTimeUnixNano').text ?? 0),
    hasErrorStatus,
    isError:
      hasErrorStatus ||
      events.some(([name]) => name === 'exception') ||
      attributes['error.type'] !== undefined,
    evidence: collectEvidence([
      attributes,
      { event: events, log: records.get(`${traceId}:${spanId}`), status: span.at('status', 'message').text },
    ]),
  };
}

function logRecordsBySpan(logs: unknown): Map<string, unknown[]> {
  const bySpan = new Map<string, unknown[]>();
  const records = json(logs)
    .at('resourceLogs')
    .items.flatMap((resource) => resource.at('scopeLogs').items)
    .flatMap((scope) => scope.at('logRecords').items);
  for (const record of records) {
    const key = `${record.at('traceId').text}:${record.at('spanId').text}`;
    const content = [readAttributes(record.at('attributes')), readValue(record.at('body'))];
    bySpan.set(key, [...(bySpan.get(key) ?? []), content]);
  }
  return bySpan;
}

function readAttributes(attributes: Json): Record<string, unknown> {
  return Object.fromEntries(
    attributes.items.map((pair) => [pair.at('key').text ?? '', readValue(pair.at('value'))]),
  );
}

function readValue(value: Json): unknown {
  const list = value.at('arrayValue');
  if (list.value !== undefined) return list.at('values').items.map(readValue);
  const map = value.at('kvlistValue');
  if (map.value !== undefined) return readAttributes(map.at('values'));
  const [type, plain] = Object.entries((value.value as object | undefined) ?? {})[0] ?? [];
  return type === 'intValue' ? Number(plain) : plain;
}

/** What any of several spans says. */
export function joinEvidence(all: readonly Evidence[]): Evidence {
  return {
    hasText: (text) => all.some((one) => one.hasText(text)),
    hasTextApartFrom: (text, others) => all.some((one) => one.hasTextApartFrom(text, others)),
    hasExactly: (text) => all.some((one) => one.hasExactly(text)),
    hasValue: (value) => all.some((one) => one.hasValue(value)),
    hasNumber: (count, below) => all.some((one) => one.hasNumber(count, below)),
    valuesBelow: (name) => all.flatMap((one) => one.valuesBelow(name)),
  };
}

/** A flat object of numbers as Python prints it. */
function asJson(text: string): string {
  return /^\{'/.test(text)
    ? text
        .replaceAll("'", '"')
        .replace(/\bNone\b/g, 'null')
        .replace(/\bTrue\b/g, 'true')
        .replace(/\bFalse\b/g, 'false')
    : '';
}

/** Shorter texts are too easily part of others by chance. */
const MIN_PARTIAL_LENGTH = 12;

export function collectEvidence(values: readonly unknown[]): Evidence {
  const leaves: Leaf[] = [];
  const nodes = new Set<string>();
  const visit = (value: unknown, path: string) => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      leaves.push({ path, value });
      const opened =
        typeof value === 'string' && /^\s*[[{"]/.test(value)
          ? (parse(value) ?? parse(asJson(value)))
          : undefined;
      if (opened !== undefined) visit(opened, path);
    } else if (typeof value === 'object' && value !== null) {
      nodes.add(canonical(value));
      for (const [key, member] of Object.entries(value)) visit(member, `${path}.${key}`);
    }
  };
  for (const value of values) visit(value, '');

  const hasExactly = (text: string) =>
    leaves.some(({ value }) => typeof value === 'string' && value.trim() === text.trim());
  const hasValue = (value: unknown) =>
    nodes.has(canonical(value)) || leaves.some((leaf) => leaf.value === value && value !== '');
  const hasTextApartFrom = (text: string, others: readonly string[]) => {
    const quoting = others.filter((other) => other !== text && other.includes(text));
    const holds = (value: string) => value.includes(text) && !quoting.some((other) => value.includes(other));
    return (
      hasExactly(text) ||
      (text.length >= MIN_PARTIAL_LENGTH &&
        leaves.some(({ value }) => typeof value === 'string' && holds(value))) ||
      (/^\s*[[{]/.test(text) && parse(text) !== undefined && hasValue(parse(text)))
    );
  };
  return {
    hasText: (text) => hasTextApartFrom(text, []),
    hasTextApartFrom,
    hasExactly,
    hasValue,
    hasNumber: (count, below) =>
      leaves.some(
        ({ path, value }) =>
          below.test(path) && value !== '' && typeof value !== 'boolean' && Number(value) === count,
      ),
    valuesBelow: (name) => leaves.filter(({ path }) => name.test(path)).map(({ value }) => value),
  };
}
