import type { Recording } from '../corpus/recordings.ts';
import type { RawSpan } from '../corpus/truth/evidence.ts';
import { type Json, json, parse } from '../corpus/truth/json.ts';

/** Whom the spans of a trace name, read from the recording without any code of the package. */
export interface SaidIdentity {
  readonly users: ReadonlySet<string>;
  /** Handed to the provider in the request (OpenAI's `user`), which may be taken for the person or not. */
  readonly requestUsers: ReadonlySet<string>;
  readonly sessions: ReadonlySet<string>;
  readonly traceNames: ReadonlySet<string>;
}

/** A member of any carrier (attribute, association property, metadata, JSON of metadata). */
const USER =
  /(?:^|[._:])(?:(?:end)?user[._]?id|userid|enduser|distinct[._]?id|(?:gen_ai|llm|request|openai)\.user|user_api_key_user_id|user\.name)$/i;
const SESSION =
  /(?:^|[._:])(?:session[._]?id|conversation[._]?id|conversationid|thread[._]?id|chat[._]?id|group_id)$/i;
const TRACE_NAME = /^(?:langfuse\.trace\.name|posthog\.trace_name)$|(?:^|\.)trace_?name$/i;

const REQUEST_USER = /(?:parameters|request_data|input\.value|request)\.(?:.*\.)?user$/i;

/** What was said or computed rather than recorded of the caller. */
const CONTENT =
  /message|input|output|prompt|completion|content|argument|(?:^|\.)body|result|instruction|response|parameters|tool|^thread\.|operation_name/i;

/** Ids that stand for no person, after PostHog's list, and what SDKs write where there is none. */
const NOBODY =
  /^(?:0|0{8}-0{4}-0{4}-0{4}-0{12}|\[object object\]|anonymous(?:-user)?|backend|distinct_?id|email|false|guest|id|nan|none|not_authenticated|null|system|true|undefined|user|unknown|default|default_user_id|default-user|\*+|\[(?:scrubbed|redacted).*)?$/i;

class Said implements SaidIdentity {
  readonly users = new Set<string>();
  readonly requestUsers = new Set<string>();
  readonly sessions = new Set<string>();
  readonly traceNames = new Set<string>();
}

/** By trace id. */
export function saidIdentities({ spans }: Pick<Recording, 'spans'>): Map<string, SaidIdentity> {
  const byTrace = new Map<string, Said>();
  for (const resource of json(spans).at('resourceSpans').items) {
    const common = resource.at('resource', 'attributes').items;
    for (const span of resource.at('scopeSpans').items.flatMap((scope) => scope.at('spans').items)) {
      const traceId = span.at('traceId').text ?? '';
      const said = byTrace.get(traceId) ?? new Said();
      byTrace.set(traceId, said);
      for (const attribute of [...common, ...span.at('attributes').items]) {
        visit(attribute.at('value'), attribute.at('key').text ?? '', (path, written) => {
          const value = unquoted(written);
          if (REQUEST_USER.test(path)) said.requestUsers.add(value);
          if (TRACE_NAME.test(path)) said.traceNames.add(value);
          // Bedrock's agents are called with a session.
          if (/parameters\.sessionId$/.test(path)) said.sessions.add(value);
          if (CONTENT.test(path) || NOBODY.test(value.trim())) return;
          if (USER.test(path)) said.users.add(value);
          if (SESSION.test(path) && !/^resp_/.test(value)) said.sessions.add(value);
        });
      }
    }
  }
  return byTrace;
}

function visit(value: Json, path: string, take: (path: string, value: string) => void): void {
  const text = value.at('stringValue').text;
  if (text === undefined) {
    for (const item of value.at('kvlistValue', 'values').items) {
      visit(item.at('value'), `${path}.${item.at('key').text}`, take);
    }
    return;
  }
  take(path, text);
  if (!/^\s*\{/.test(text)) return;
  visitPlain(parse(text), path, take);
}

/** Some write the JSON of a text. */
function unquoted(text: string): string {
  const value = /^".*"$/.test(text) ? parse(text) : undefined;
  return typeof value === 'string' ? value : text;
}

function visitPlain(value: unknown, path: string, take: (path: string, value: string) => void): void {
  if (typeof value === 'string') take(path, value);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) visitPlain(member, `${path}.${key}`, take);
}

/** The spans of a trace without a parent; several where an instrumentation loses its context. */
export function rootsOf(spans: readonly RawSpan[], traceIds: ReadonlySet<string>): RawSpan[] {
  return spans.filter(({ traceId, parentSpanId }) => parentSpanId === undefined && traceIds.has(traceId));
}
