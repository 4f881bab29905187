import type { CallKind } from '../../call/llm-call.ts';
import type { Message } from '../../call/messages.ts';
import { listAt, treeOf, valueAt } from '../../messages/flattened-tree.ts';
import { readFlattened } from '../../messages/read-flattened.ts';
import { at, isPlaceholder, isRecord } from '../../messages/recorded-json.ts';
import { unpackDumpedMessages } from '../../messages/unpack-dumped-messages.ts';
import type { SpanEventView, SpanView } from '../../span/span-view.ts';
import type { AttributeEntries, ReadContext } from '../dialect.ts';
import { toTexts } from './embeddings.ts';
import { readAsRecorded } from './message-sources.ts';
import { toContent, toNumber, toText } from './values.ts';

/**
 * As `unpacked`, on spans of Traceloop's instrumentations and the AI SDK spans (scope `ai`) to which its SDK adds this
 * attribute. Elsewhere JSON in a text is what a person wrote.
 */
export function unpackedByOwnScope(defaultRole: string) {
  const read = unpacked(defaultRole);
  return (value: unknown, context: ReadContext): readonly Message[] | undefined => {
    const { name } = context.span.scope;
    return name === 'ai' || name.startsWith('@traceloop/') ? read(value, context) : undefined;
  };
}

/** Messages whose text parts may hold a whole conversation as JSON. */
export function unpacked(defaultRole: string) {
  return (value: unknown, context: ReadContext): readonly Message[] | undefined => {
    const messages = readAsRecorded(value, defaultRole, context);
    return messages && unpackDumpedMessages(messages);
  };
}

/** The entity's name, when the span is of one of these kinds. */
export function entityNameOf(...kinds: readonly string[]) {
  return (value: unknown, { span }: ReadContext): string | undefined =>
    kinds.some((kind) => kind === span.attributes['traceloop.span.kind']) ? toText(value) : undefined;
}

/** LangChain's tools are tasks named after a class; the message that they return knows the tool's name. */
export function toolNameOf(value: unknown, context: ReadContext): string | undefined {
  const { attributes } = context.span;
  if (attributes['traceloop.span.kind'] === 'tool') return toText(value);
  if (attributes['gen_ai.operation.name'] !== 'execute_tool') return undefined;
  return toText(at(context.json('traceloop.entity.output'), ['kwargs', 'name'])) ?? toText(value);
}

/** Why the first choice ended: `N.finish_reason` with the lowest number. */
export function finishReasonOfChoice(entries: AttributeEntries): string | undefined {
  let first: readonly [index: number, reason: string] | undefined;
  for (const [name, value] of entries) {
    const index = name.endsWith('.finish_reason') ? Number.parseInt(name, 10) : Number.NaN;
    const reason = Number.isNaN(index) ? undefined : toText(value);
    if (reason !== undefined && (first === undefined || index < first[0])) first = [index, reason];
  }
  return first?.[1];
}

/** Cohere's rerank spans keep the documents in `documents.N.index` and the query in the prompt. */
export function askedOfReranker(entries: AttributeEntries, { span }: ReadContext): unknown {
  if (span.attributes['llm.request.type'] !== 'rerank') return undefined;
  const documents = entries.flatMap(([name, value]) => (/^\d+\.index$/.test(name) ? [value] : []));
  const query =
    toText(span.attributes['gen_ai.prompt.0.user']) ?? toText(span.attributes['gen_ai.prompt.0.content']);
  return { ...(query === undefined ? {} : { query }), documents };
}

/** The documents that it chose, with their scores. */
export function rankedDocuments(entries: AttributeEntries, { span }: ReadContext): unknown {
  if (span.attributes['llm.request.type'] !== 'rerank') return undefined;
  const documents = listAt(treeOf(entries)).flatMap((entry) => {
    const content = valueAt(entry, 'content');
    const score = toNumber(valueAt(entry, 'relevanceScore'));
    return content === undefined ? [] : [{ content, ...(score === undefined ? {} : { score }) }];
  });
  return documents.length > 0 ? documents : undefined;
}

/** Spans of vector stores have no kind of their own; they are known by their queries. */
export function vectorQueryKind({ events, attributes }: SpanView): CallKind | undefined {
  const isQuery =
    events.some(({ name }) => name.startsWith('db.query.')) || 'db.vector.query.top_k' in attributes;
  return isQuery ? 'retriever' : undefined;
}

const RESULT_FIELDS = ['id', 'score', 'distance', 'metadata', 'document'] as const;

/** What a vector store found; vectors are never looked at. */
export function retrievedDocuments(events: readonly SpanEventView[]): unknown {
  const found = events
    .filter(({ name }) => name === 'db.query.result')
    .map(({ attributes }) =>
      Object.fromEntries(
        RESULT_FIELDS.flatMap((field) => {
          const value = attributes[`db.query.result.${field}`];
          return isPlaceholder(value) ? [] : [[field, toContent(value)] as const];
        }),
      ),
    )
    .filter((document) => !isPlaceholder(document));
  return found.length > 0 ? found : undefined;
}

/**
 * Flattened choices. The instrumentation for Haystack iterates over the answer's dictionary, so that its keys stand where
 * texts should.
 */
export function flattenedAnswer(
  entries: AttributeEntries,
  { span }: ReadContext,
): readonly Message[] | undefined {
  const isHaystack = span.scope.name === 'opentelemetry.instrumentation.haystack';
  const isKey = ([name, value]: AttributeEntries[number]) =>
    name.endsWith('.content') && (value === 'replies' || value === 'meta');
  return isHaystack && entries.some(isKey) ? undefined : readFlattened(entries, 'traceloop', 'assistant');
}

/** LlamaIndex' embedding models are asked with `{texts}` or `{query}`. */
export function embeddedTexts(input: unknown): string | readonly string[] | undefined {
  return isRecord(input) ? toTexts(input.texts ?? input.text ?? input.query) : undefined;
}
