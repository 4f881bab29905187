import { madeOnce } from '../../json/memory/made-once.ts';
import { factsInMetadata, withoutFacts } from '../call/identity-in-metadata.ts';
import type { SpanFacts } from '../call/span-facts.ts';
import type { Dialect, Source } from '../dialects/dialect.ts';
import type { Field } from '../dialects/fields.ts';
import { openTelemetryCommon } from '../dialects/open-telemetry-common.ts';
import { posthogAttributes } from '../dialects/posthog-attributes.ts';
import { FIELD_ORDER } from '../dialects/registry.ts';
import { traceAttributes } from '../dialects/trace-attributes.ts';
import { traceScope } from '../dialects/trace-scope-fields.ts';
import type { SpanView } from '../span/span-view.ts';
import { type FieldReader, readFields } from './field-reader.ts';
import { indexRegistry } from './registry-index.ts';

/** Whose trace it is, in the words that any span may carry. */
const IDENTITY = [
  'user',
  'sessionId',
  'webSessionId',
  'groups',
  'traceName',
  'tags',
  'metadata',
] as const satisfies readonly Field[];

/** Conventions that belong to no instrumentation. */
const COMMON: readonly Dialect[] = [traceScope, traceAttributes, posthogAttributes, openTelemetryCommon];

/** The same conventions, reduced to the identity and recognising every span. */
const identityIndex = madeOnce(() => indexRegistry(COMMON.map(identityOnly), FIELD_ORDER));

function identityOnly(dialect: Dialect): Dialect {
  const { fields } = dialect;
  const kept: Partial<Record<Field, readonly Source<never>[]>> = {};
  for (const field of IDENTITY) {
    const sources = fields[field] as readonly Source<never>[] | undefined;
    if (sources) kept[field] = sources;
  }
  return {
    id: dialect.id,
    title: dialect.title,
    detect: { scopes: ['*'] },
    fields: kept as Dialect['fields'],
  };
}

/**
 * What a span that no dialect knows (an HTTP request, a job, a function of the application) says of the trace that it is
 * in. It is not sent, and the calls below it have the person and the session from it.
 */
export function readFacts(span: SpanView): SpanFacts | undefined {
  const reader = readFields(span, identityIndex());
  return reader && identityOf(reader);
}

/** The same of a span that a dialect knows and filters out; its library's calls below may have their model from it. */
export function factsOfReader(reader: FieldReader): SpanFacts | undefined {
  const identity = identityOf(reader);
  const model = reader.get('requestModel');
  return model === undefined ? identity : { ...identity, model, scopeName: reader.span.scope.name };
}

function identityOf(reader: FieldReader): SpanFacts | undefined {
  const free = reader.get('metadata');
  const { own, usual } = factsInMetadata(free);
  const identity = {
    user: own.user ?? reader.get('user') ?? usual.user,
    sessionId: own.sessionId ?? reader.get('sessionId') ?? usual.sessionId,
    webSessionId: reader.get('webSessionId') ?? own.webSessionId,
    groups: reader.get('groups') ?? own.groups,
    traceName: reader.get('traceName') ?? usual.traceName,
    tags: reader.get('tags') ?? usual.tags,
  };
  const facts = { ...identity, metadata: withoutFacts(free, identity) };
  return Object.values(facts).some((fact) => fact !== undefined) ? facts : undefined;
}
