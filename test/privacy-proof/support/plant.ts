import { isKept, isNeverSent } from './kept-attributes.ts';
import { type Json, list, plantInText, plantInValue, record, type Spot } from './plant-values.ts';
import type { Planted, SecretBook } from './secrets.ts';

/** Custom metadata that must come through in every mode. */
export const KEPT_WORD = 'KEPT-WORD';

/** A copy of an OTLP/JSON document of spans with a secret in everything that can hold content. */
export function plantInSpans(document: unknown, source: string, book: SecretBook): unknown {
  const copy = structuredClone(document) as Json;
  for (const resourceSpans of list(copy.resourceSpans)) {
    push(record(resourceSpans.resource), 'attributes', never('process.command_line', 'resource'));
    for (const scopeSpans of list(resourceSpans.scopeSpans)) {
      for (const span of list(scopeSpans.spans)) plantInSpan(span, { book, source });
    }
  }
  return copy;

  function never(key: string, place: string): Json {
    return text(key, book.next(source, `${place} ${key}`, 'never'));
  }
}

/** A copy of an OTLP/JSON document of log records, likewise. */
export function plantInLogs(document: unknown, source: string, book: SecretBook): unknown {
  const copy = structuredClone(document) as Json;
  for (const resourceLogs of list(copy.resourceLogs)) {
    for (const scopeLogs of list(resourceLogs.scopeLogs)) {
      for (const log of list(scopeLogs.logRecords)) {
        const place = `log record ${String(log.eventName)}`;
        plantInAttributes(log, { book, source, place, sort: 'content' });
        log.body = plantInValue(log.body, { book, source, place: `${place} body`, sort: 'content' });
      }
    }
  }
  return copy;
}

function plantInSpan(span: Json, { book, source }: Pick<Spot, 'book' | 'source'>): void {
  const content = (place: string): Spot => ({ book, source, place, sort: 'content' });
  plantInAttributes(span, content('span'));
  for (const event of list(span.events)) plantInAttributes(event, content(`event ${String(event.name)}`));
  const status = record(span.status);
  if (status?.message !== undefined) status.message = plantInText(String(status.message), content('status'));
  const next = (place: string, sort: Planted['sort']) => book.next(source, place, sort);
  plantInMetadata(span, next);
  push(span, 'attributes', text('trace.metadata.kept', KEPT_WORD));
  push(span, 'attributes', text('trace.metadata.prompt', next('trace.metadata.prompt', 'content')));
  push(span, 'attributes', text('ai.request.headers.authorization', `Bearer ${next('header', 'never')}`));
  push(
    span,
    'attributes',
    text('url.full', `https://u:${next('url', 'never')}@x.example/v1?token=${next('url', 'never')}`),
  );
  push(span, 'links', {
    traceId: 'f'.repeat(32),
    spanId: 'f'.repeat(16),
    attributes: [text('gen_ai.prompt', next('link', 'never'))],
  });
  push(span, 'events', {
    name: 'app.note',
    timeUnixNano: span.endTimeUnixNano,
    attributes: [text('note', next('unknown event', 'never'))],
  });
  // Every third span fails with an exception alone, as when an application forgets the status message.
  const isBare = status?.message === undefined && book.planted.length % 3 === 0;
  if (isBare) span.status = { code: 2 };
  if (isBare || status?.message !== undefined) push(span, 'events', exceptionEvent(span, next));
}

/** Some instrumentations put what they were called with beside the application's own metadata. */
function plantInMetadata(span: Json, next: (place: string, sort: Planted['sort']) => string): void {
  for (const pair of list(span.attributes)) {
    if (pair.key !== 'metadata') continue;
    const held: unknown = JSON.parse(String(record(pair.value)?.stringValue));
    const secret = (name: string) => next(`metadata.${name}`, 'content');
    const content = {
      ls_invocation_params: { stop: secret('ls_invocation_params') },
      ls_stop: [secret('ls_stop')],
    };
    pair.value = { stringValue: JSON.stringify({ ...record(held), ...content }) };
  }
}

/** What the SDK's `recordException` adds. */
function exceptionEvent(span: Json, next: (place: string, sort: Planted['sort']) => string): Json {
  return {
    name: 'exception',
    timeUnixNano: span.endTimeUnixNano,
    attributes: [
      text('exception.type', 'RateLimitError'),
      text('exception.message', `Too many tokens in "${next('exception message', 'content')}"`),
      text('exception.stacktrace', `Error: ${next('stack trace', 'content')}\n    at main.js:1:2`),
    ],
  };
}

function plantInAttributes(holder: Json, spot: Spot): void {
  for (const pair of list(holder.attributes)) {
    const key = String(pair.key);
    if (isKept(key)) continue;
    const sort = isNeverSent(key) ? 'never' : spot.sort;
    pair.value = plantInValue(pair.value, { ...spot, place: `${spot.place} ${key}`, sort }, key);
  }
}

function text(key: string, stringValue: string): Json {
  return { key, value: { stringValue } };
}

function push(holder: Json | undefined, name: string, item: Json): void {
  if (holder) holder[name] = [...list(holder[name]), item];
}
