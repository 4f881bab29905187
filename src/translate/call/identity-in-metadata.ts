import { isRecord } from '../../json/is-record.ts';
import { objectOf, readMembers } from '../../json/object-of.ts';
import type { TraceMetadata } from './llm-call.ts';
import { namesNobody, namesSession } from './no-identity.ts';

type Metadata = Readonly<Record<string, unknown>>;

/** What free metadata says of the trace, and the keys that say nothing of it. */
export interface MetadataFacts {
  /** In PostHog's own words, which are believed before attributes that other tools read as well. */
  readonly own: Facts;
  /** In the words of applications and frameworks, for what stands nowhere else. */
  readonly usual: Facts;
  /** `$ai_…` properties that the application sets itself. */
  readonly ownProperties: Metadata | undefined;
}

type Facts = Pick<
  TraceMetadata,
  'user' | 'sessionId' | 'webSessionId' | 'groups' | 'traceName' | 'generationName' | 'tags'
>;

/** Keys of one fact, best first. LiteLLM's and Langfuse's come from their documentation. */
const OWN_KEYS = {
  user: ['posthog_distinct_id', 'posthogDistinctId'],
  sessionId: ['$ai_session_id'],
  webSessionId: ['$session_id'],
  generationName: ['$ai_span_name'],
} as const;

const USUAL_KEYS = {
  user: [
    ...['langfuse_user_id', 'langfuseUserId', 'trace_user_id', 'user_id', 'userId'],
    ...['user_api_key_end_user_id', 'user_api_key_user_id'],
  ],
  sessionId: [
    ...['langfuse_session_id', 'langfuseSessionId', 'session_id', 'sessionId', 'thread_id', 'threadId'],
    ...['chat_id', 'chatId', 'conversation_id', 'conversationId'],
  ],
  traceName: ['trace_name'],
  generationName: ['generation_name'],
} as const;

/** Keys that say the session and nothing else; a thread or a chat is more than that. */
const SESSION_ONLY = ['$ai_session_id', ...USUAL_KEYS.sessionId.filter((key) => /session/i.test(key))];

/** Properties of PostHog that hold lists or objects; on a span they are JSON text. All others are plain values. */
export const STRUCTURED_PROPERTIES: ReadonlySet<string> = new Set([
  ...['$ai_input', '$ai_output', '$ai_output_choices', '$ai_input_state', '$ai_output_state', '$ai_tools'],
  ...['$ai_model_parameters', '$ai_error', '$ai_usage', '$ai_provider_metadata', '$ai_mcp_tools'],
]);

/** Whether a key is a property that PostHog's own route would take over as it is. */
export function isOwnProperty(key: string, value: unknown): boolean {
  if (!key.startsWith('$ai_')) return false;
  return STRUCTURED_PROPERTIES.has(key) || ['string', 'number', 'boolean'].includes(typeof value);
}

/** Where LiteLLM's proxy puts the metadata of the request inside its own. */
const NESTED = ['requester_metadata'];

/** Read as facts by other means, never metadata. */
const READ_ELSEWHERE: ReadonlySet<string> = new Set([
  ...['posthog_privacy_mode', '$groups', '$session_id', '$ai_prompt_name', '$ai_prompt_version'],
]);

const NONE: MetadataFacts = { own: {}, usual: {}, ownProperties: undefined };

/** Looks into free metadata, of whatever carrier, for whose trace it is. */
export function factsInMetadata(metadata: Metadata | undefined): MetadataFacts {
  try {
    return metadata === undefined ? NONE : readFacts(metadata);
  } catch {
    // Members that cannot be read.
    return NONE;
  }
}

function readFacts(metadata: Metadata): MetadataFacts {
  const levels = [metadata, ...NESTED.flatMap((key) => (isRecord(metadata[key]) ? [metadata[key]] : []))];
  const own = {
    user: firstId(levels, OWN_KEYS.user, (id) => !namesNobody(id)),
    sessionId: firstId(levels, OWN_KEYS.sessionId, namesSession),
    webSessionId: firstId(levels, OWN_KEYS.webSessionId, namesSession),
    generationName: firstId(levels, OWN_KEYS.generationName, isSomething),
    groups: groupsIn(metadata['$groups']),
  };
  const usual = {
    user: firstId(levels, USUAL_KEYS.user, (id) => !namesNobody(id)),
    sessionId: firstId(levels, USUAL_KEYS.sessionId, namesSession),
    traceName: firstId(levels, USUAL_KEYS.traceName, isSomething),
    generationName: firstId(levels, USUAL_KEYS.generationName, isSomething),
    tags: tagsIn(metadata['langfuse_tags'] ?? metadata['langfuseTags']),
  };
  const properties = Object.entries(metadata).filter(([key, value]) => isOwnProperty(key, value));
  return {
    own,
    usual,
    ownProperties: objectOf(properties),
  };
}

/**
 * The metadata without what became a fact of the trace. A key that was not taken stays, so that nothing is lost: a thread
 * beside a session, a user id that names nobody.
 */
export function withoutFacts(metadata: Metadata | undefined, taken: TraceMetadata): Metadata | undefined {
  try {
    return metadata === undefined ? undefined : restOf(metadata, taken);
  } catch {
    return metadata;
  }
}

/** The fact of a call that a key of metadata becomes, so that it stands in metadata no longer. */
export function factOfKey(key: string): 'user' | 'sessionId' | 'traceName' | undefined {
  const isOf = (keys: readonly string[]) => keys.includes(key);
  if (isOf(OWN_KEYS.user) || isOf(USUAL_KEYS.user)) return 'user';
  if (isOf(SESSION_ONLY)) return 'sessionId';
  return isOf(USUAL_KEYS.traceName) ? 'traceName' : undefined;
}

function restOf(metadata: Metadata, taken: TraceMetadata): Metadata | undefined {
  const values: Readonly<Record<string, unknown>> = {
    ...byKey([...OWN_KEYS.user, ...USUAL_KEYS.user], taken.user),
    ...byKey(SESSION_ONLY, taken.sessionId),
    ...byKey(USUAL_KEYS.traceName, taken.traceName),
    ...byKey(USUAL_KEYS.generationName, taken.generationName),
    ...byKey(['langfuse_tags', 'langfuseTags'], taken.tags && JSON.stringify(taken.tags)),
  };
  return objectOf(
    Object.entries(metadata).filter(([key, value]) => {
      if (READ_ELSEWHERE.has(key) || isOwnProperty(key, value)) return false;
      if (!Object.hasOwn(values, key)) return true;
      const held = Array.isArray(value) ? JSON.stringify(value) : unquoted(value);
      return values[key] !== held;
    }),
  );
}

function byKey(keys: readonly string[], value: unknown): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, value]));
}

function firstId(
  levels: readonly Metadata[],
  keys: readonly string[],
  isUsable: (id: string) => boolean,
): string | undefined {
  for (const level of levels) {
    for (const key of keys) {
      const id = Object.hasOwn(level, key) ? unquoted(level[key]) : undefined;
      if (id !== undefined && isUsable(id)) return id;
    }
  }
  return undefined;
}

/** Ids are texts or numbers; some libraries write each value as JSON. */
function unquoted(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return /^"[^"\\]*"$/.test(text) ? text.slice(1, -1) : text;
}

function isSomething(text: string): boolean {
  return text !== '';
}

function groupsIn(value: unknown): Facts['groups'] {
  const groups = typeof value === 'string' ? parsed(value) : value;
  if (!isRecord(groups)) return undefined;
  return readMembers(groups, (key) => unquoted(key) || undefined);
}

function tagsIn(value: unknown): readonly string[] | undefined {
  const list = typeof value === 'string' ? parsed(value) : value;
  const tags = Array.isArray(list) ? list.filter((tag): tag is string => typeof tag === 'string') : [];
  return tags.length > 0 ? tags : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
