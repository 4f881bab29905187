import { factsInMetadata, withoutFacts } from '../call/identity-in-metadata.ts';
import { type CallKind, isModelCall, type LlmCall, type TraceMetadata } from '../call/llm-call.ts';
import { withoutNoise } from '../call/metadata-noise.ts';
import type { AttributeMap, SpanView } from '../span/span-view.ts';
import type { FieldReader } from './field-reader.ts';

/** What a span says of its trace and of who asked. */
export function readTrace(reader: FieldReader, kind: CallKind): TraceMetadata {
  const { traceScope } = reader.span;
  const free = reader.get('metadata');
  const { own, usual } = factsInMetadata(free);
  // Said of a stretch of code, it names the model calls there, not the tools and agents around them.
  const scopeName = isModelCall(kind) ? traceScope?.generationName : undefined;
  const metadata: TraceMetadata = {
    traceId: reader.get('traceId'),
    traceName: reader.get('traceName') ?? usual.traceName,
    generationName: scopeName ?? own.generationName ?? reader.get('generationName') ?? usual.generationName,
    parentSpanId: reader.get('parentSpanId'),
    scopeParentSpanId: traceScope?.parentSpanId,
    user: traceScope?.user ?? own.user ?? reader.get('user') ?? usual.user,
    sessionId: traceScope?.sessionId ?? own.sessionId ?? reader.get('sessionId') ?? usual.sessionId,
    ofResource: ofResource(reader),
    webSessionId: reader.get('webSessionId') ?? own.webSessionId,
    groups: reader.get('groups') ?? own.groups,
    tags: reader.get('tags') ?? usual.tags,
    metadata: undefined,
    instrumentationMetadata: reader.instrumentationMetadata,
  };
  const left = withoutNoise(withoutFacts(free, metadata), reader.instrumentationMetadata);
  return { ...metadata, metadata: left }; // a copy, as `retained` says
}

/** `$ai_…` properties that the application sets, the nearest last: on the resource, in metadata, on the span. */
export function ownProperties(reader: FieldReader): LlmCall['ownProperties'] {
  const layers = [
    ofResourceOwn(reader.span),
    factsInMetadata(reader.get('metadata')).ownProperties,
    reader.get('ownProperties'),
  ].filter((layer) => layer !== undefined);
  return layers.length > 0 ? Object.assign({}, ...layers) : undefined;
}

/** By attributes of a resource, which all spans of a provider share. */
const ownOfResources = new WeakMap<AttributeMap, Readonly<Record<string, unknown>> | typeof NO_OWN>();
const NO_OWN = Symbol('none');

function ofResourceOwn({ resource }: SpanView): Readonly<Record<string, unknown>> | undefined {
  let own = ownOfResources.get(resource);
  if (own === undefined) {
    const entries = Object.entries(resource).filter(([key]) => key.startsWith('$ai_'));
    own = entries.length > 0 ? Object.fromEntries(entries) : NO_OWN;
    ownOfResources.set(resource, own);
  }
  return own === NO_OWN ? undefined : own;
}

function ofResource(reader: FieldReader): TraceMetadata['ofResource'] {
  const user = reader.get('resourceUser');
  const sessionId = reader.get('resourceSessionId');
  return user === undefined && sessionId === undefined ? undefined : { user, sessionId };
}
