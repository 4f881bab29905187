import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import { objectOf } from '../../json/object-of.ts';
import { isRecord } from '../messages/recorded-json.ts';
import type { SpanView } from '../span/span-view.ts';
import type { AttributeEntries, Dialect, Source } from './dialect.ts';
import { toPrivacy } from './posthog-attributes.ts';
import { structuredText } from './shared/metadata.ts';
import { entriesInRequestBody, inRequestBody } from './shared/request-body.ts';
import { attribute, inside, prefixed, structured } from './shared/sources.ts';
import { toGroups, toText, toVersion } from './shared/values.ts';

/**
 * The `trace` object of OpenRouter Broadcast, in every form in which it can stand on a span: `trace.<key>`,
 * `trace.metadata.<key>`, one JSON attribute named `trace`, and plain `user` and `session_id`; also in the body of the
 * request to OpenRouter, where an instrumentation records that.
 */
export const traceAttributes: Dialect = {
  id: 'trace-attributes',
  title: 'Trace attributes',
  detect: {},
  isOfApplication: true,
  fields: {
    traceId: [...named('trace_id', toText), ...inRequestBody(['trace/trace_id'], toText)],
    traceName: [...named('trace_name', toText), ...inRequestBody(['trace/trace_name'], toText)],
    generationName: [
      ...named('generation_name', toText),
      ...inRequestBody(['trace/generation_name', 'trace/span_name'], toText),
    ],
    parentSpanId: [...named('parent_span_id', toText), ...inRequestBody(['trace/parent_span_id'], toText)],
    user: [
      ...named('user', toText),
      attribute('user', toText),
      ...inRequestBody(['user', 'trace/user'], toText),
    ],
    sessionId: [
      ...named('session_id', toText),
      attribute('session_id', toText),
      ...inRequestBody(['session_id', 'trace/session_id'], toText),
    ],
    webSessionId: named('$session_id', toText),
    groups: named('$groups', toGroups),
    promptName: named('$ai_prompt_name', toText),
    promptVersion: named('$ai_prompt_version', toVersion),
    privacyRequested: named('privacy_mode', toPrivacy),
    metadata: [
      prefixed('trace.metadata.', (entries) =>
        withoutReserved(entries.filter(([key]) => !isBroadcastInternal(key))),
      ),
      prefixed('trace.', (entries, { span }) =>
        withoutReserved(
          entries.filter(
            ([key]) => !key.startsWith('metadata') && !(isBroadcast(span) && BROADCAST_KEYS.has(key)),
          ),
        ),
      ),
      structured('trace.metadata', (value) =>
        isRecord(value) ? withoutReserved(Object.entries(value)) : undefined,
      ),
      structured('trace', (value) => (isRecord(value) ? withoutReserved(Object.entries(value)) : undefined)),
      ...entriesInRequestBody('trace', withoutReserved),
    ],
  },
};

/** Keys of the trace object that have a meaning of their own; every other key is custom metadata. */
const RESERVED_KEYS: ReadonlySet<string> = new Set([
  'trace_id',
  'trace_name',
  'generation_name',
  'parent_span_id',
  'user',
  'session_id',
  '$session_id',
  '$groups',
  '$ai_prompt_name',
  '$ai_prompt_version',
  'privacy_mode',
]);

/** What OpenRouter Broadcast writes beside the application's `trace` object: content and names, not metadata. */
const BROADCAST_KEYS: ReadonlySet<string> = new Set([
  'input',
  'input.truncated',
  'output',
  'output.truncated',
  'name',
  'tags',
  'public',
]);

/** Whether the span was recorded by OpenRouter itself. */
function isBroadcast({ resource, attributes }: SpanView): boolean {
  return (
    resource[ATTR_SERVICE_NAME] === 'openrouter' ||
    attributes['trace.metadata.openrouter.source'] !== undefined
  );
}

/** OpenRouter's own books, dozens of keys; of them only who served the request is of interest to the application. */
function isBroadcastInternal(key: string): boolean {
  if (key === 'openrouter.provider_name') return false;
  return (
    key.startsWith('openrouter.') || key.startsWith('openrouter_generation.') || key === 'provider_responses'
  );
}

function named<T>(key: string, read: (value: unknown) => T | undefined): Source<T>[] {
  return [
    attribute(`trace.${key}`, read),
    attribute(`trace.metadata.${key}`, read),
    inside('trace', key, read),
    inside('trace.metadata', key, read),
  ];
}

function withoutReserved(entries: AttributeEntries): Readonly<Record<string, unknown>> | undefined {
  const custom = entries.filter(([key]) => key !== '' && !RESERVED_KEYS.has(key));
  return objectOf(custom.map(([key, value]) => [key, structuredText(value)]));
}
