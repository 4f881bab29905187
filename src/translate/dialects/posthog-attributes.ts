import type { Dialect, Source } from './dialect.ts';
import { attribute, prefixed, resource } from './shared/sources.ts';
import { toBoolean, toGroups, toText, toVersion } from './shared/values.ts';

/** Where frameworks put what the application hands them as metadata; the bare attribute comes first. */
const CARRIERS: readonly string[] = [
  '',
  'ai.telemetry.metadata.',
  'ai.settings.context.',
  'langfuse.trace.metadata.',
  'langfuse.observation.metadata.',
  'langsmith.metadata.',
  'mastra.metadata.',
  'traceloop.association.properties.',
  'metadata.',
];

/**
 * Attribute names by which an application addresses PostHog directly on any span: identity, session, groups, prompt
 * and the wish for privacy. They recognise no span by themselves.
 */
export const posthogAttributes: Dialect = {
  id: 'posthog-attributes',
  title: 'PostHog attributes',
  detect: {},
  fields: {
    user: [attribute('posthog.distinct_id', toText), ...carried('posthog_distinct_id', toText)],
    resourceUser: [resource('posthog.distinct_id', toText)],
    sessionId: carried('$ai_session_id', toText),
    traceId: [attribute('$ai_trace_id', toText)],
    parentSpanId: [attribute('$ai_parent_id', toText)],
    generationName: carried('$ai_span_name', toText),
    ownProperties: [
      prefixed('$ai_', (entries) => Object.fromEntries(entries.map(([key, value]) => [`$ai_${key}`, value]))),
    ],
    webSessionId: [...carried('$session_id', toText), attribute('posthog.session_id', toText)],
    groups: [...carried('$groups', toGroups), attribute('posthog.groups', toGroups)],
    promptName: carried('$ai_prompt_name', toText),
    promptVersion: carried('$ai_prompt_version', toVersion),
    privacyRequested: [
      attribute('posthog.privacy_mode', toPrivacy),
      ...carried('posthog_privacy_mode', toPrivacy),
    ],
  },
};

function carried<T>(key: string, read: (value: unknown) => T | undefined): Source<T>[] {
  return CARRIERS.map((carrier) => attribute(`${carrier}${key}`, read));
}

/**
 * Anything but a clear "no" asks for privacy: a misspelt wish must not send content. A "no" is no wish, so that it
 * cannot stand in the way of a "yes" elsewhere on the span.
 */
export function toPrivacy(value: unknown): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  return toBoolean(value) === false ? undefined : true;
}
