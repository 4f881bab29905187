import { gunzipSync } from 'node:zlib';

/** What PostHog's ingestion answers; error bodies are plain text, as PostHog's are. */
export interface RuleReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface CaptureLimits {
  /** Largest serialised event; one event above it costs the whole request. */
  readonly maxEventBytes: number;
  /** `undefined`: any well-formed key is taken, as PostHog does by default. */
  readonly knownKeys: ReadonlySet<string> | undefined;
  /** The AI route takes no other event names. */
  readonly eventNames: 'ai-only' | 'any';
}

export type JsonObject = Record<string, unknown>;

/** Names the AI route takes (the default `CAPTURE_AI_LANE_PREDICATE=allowlist`). */
const AI_EVENT_NAMES: readonly unknown[] = [
  '$ai_generation',
  '$ai_embedding',
  '$ai_span',
  '$ai_trace',
  '$ai_metric',
  '$ai_feedback',
  '$ai_evaluation',
];

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Only gzip is read, by header or by its magic bytes; under any other encoding the bytes are taken as text. */
export function decodeBody(wire: Buffer, encoding: string | undefined): Buffer | undefined {
  const isGzip = encoding === 'gzip' || (wire[0] === 0x1f && wire[1] === 0x8b);
  try {
    return isGzip ? gunzipSync(wire) : wire;
  } catch {
    return undefined;
  }
}

/** JSON of a body, or `undefined` when it is not valid UTF-8 or JSON. */
export function parseJson(body: Buffer | undefined): unknown {
  try {
    return body === undefined
      ? undefined
      : JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** The rules of PostHog's `/batch/` and `/i/v0/ai/batch/`, in the order the server applies them. */
export function checkBatch(body: unknown, limits: CaptureLimits): RuleReply {
  if (!isObject(body) || !Array.isArray(body['batch'])) {
    return plain(400, 'request body is not valid JSON');
  }
  const events: readonly unknown[] = body['batch'];
  const malformed = events.map(parseProblem).find((problem) => problem !== undefined);
  if (malformed !== undefined) {
    return plain(400, malformed);
  }
  if (events.length === 0) {
    return plain(400, 'request holds no event: empty batch');
  }
  const keyProblem = judgeKey(body['api_key'], limits.knownKeys);
  if (keyProblem !== undefined) {
    return plain(401, keyProblem);
  }
  for (const event of events.filter(isObject)) {
    const reply = judgeEvent(event, limits);
    if (reply !== undefined) {
      return reply;
    }
  }
  return { status: 200, contentType: 'application/json', body: '{"status":"Ok"}' };
}

/** Shape rules that fail while the body is parsed, so before anything else is looked at. */
function parseProblem(event: unknown): string | undefined {
  if (!isObject(event)) {
    return 'invalid type: expected an event object';
  }
  const { timestamp, uuid, properties } = event;
  if (timestamp !== undefined && timestamp !== null && typeof timestamp !== 'string') {
    return 'invalid type for timestamp: expected a string';
  }
  if (uuid !== undefined && uuid !== '' && !(typeof uuid === 'string' && UUID.test(uuid))) {
    return 'uuid parsing failed';
  }
  return properties === undefined || isObject(properties) ? undefined : 'invalid type for properties';
}

/** Why a key is not accepted; `undefined` when it is. */
export function judgeKey(key: unknown, knownKeys: ReadonlySet<string> | undefined): string | undefined {
  const trimmed = typeof key === 'string' ? key.trim() : '';
  if (trimmed === '') {
    return 'no API token provided: empty';
  }
  if (trimmed.startsWith('phx_')) {
    return 'API key is not valid: personal_api_key';
  }
  if (Buffer.byteLength(trimmed) > 64) {
    return 'API key is not valid: too_long';
  }
  if (!/^\p{ASCII}+$/u.test(trimmed) || trimmed.includes('\0')) {
    return 'API key is not valid: not_ascii';
  }
  return knownKeys === undefined || knownKeys.has(trimmed) ? undefined : 'API key is invalid or expired';
}

function judgeEvent(event: JsonObject, limits: CaptureLimits): RuleReply | undefined {
  const { event: name, properties } = event;
  const distinctId = event['distinct_id'] ?? (isObject(properties) ? properties['distinct_id'] : undefined);
  if (typeof name !== 'string' || name === '') {
    return plain(400, 'missing event name');
  }
  if (distinctId === undefined || distinctId === null || String(distinctId).trim() === '') {
    return plain(400, 'missing distinct_id');
  }
  if (limits.eventNames === 'ai-only' && !AI_EVENT_NAMES.includes(name)) {
    return plain(400, 'event name is not an AI event');
  }
  if (Buffer.byteLength(JSON.stringify(event)) > limits.maxEventBytes) {
    return plain(413, 'maximum event size exceeded');
  }
  return undefined;
}

export function plain(status: number, body: string): RuleReply {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
