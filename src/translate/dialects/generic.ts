import { isPlaceholder, isRecord } from '../messages/recorded-json.ts';
import type { Dialect, KindContext, KindCorrection } from './dialect.ts';
import type { Field } from './fields.ts';
import { saidInEvents } from './generic-events.ts';
import { endingOf, sourcesByName } from './generic-sources.ts';
import { wordsOf } from './shared/words.ts';

/**
 * Spans of emitters that nobody knows: each name is read by its last words, in any prefix. A span is taken for one of AI
 * when it has a model and tokens, messages, or a tool with what it was given; the values decide, not the names alone.
 */
export const generic: Dialect = {
  id: 'generic',
  title: 'Unknown emitters, by the words of the names',
  detect: {},
  isGeneric: true,
  fields: {
    inputMessages: [saidInEvents('inputMessages')],
    outputMessages: [saidInEvents('outputMessages')],
  },
  sourcesByName,
  looksLikeOwn,
  correctKind: notAi,
};

const TOKENS: readonly Field[] = ['inputTokens', 'outputTokens', 'totalTokens'];
const MESSAGES: readonly Field[] = ['inputMessages', 'outputMessages'];

function looksLikeOwn(fields: ReadonlySet<Field>): boolean {
  const has = (field: Field) => fields.has(field);
  const spent = TOKENS.some(has);
  const spoke = MESSAGES.some(has);
  const ran =
    (has('toolName') || has('kind')) && (has('inputState') || has('outputState') || has('toolCallId'));
  return ran || (spent && (spoke || has('requestModel') || has('responseModel'))) || spoke;
}

/** Names can say anything; only these values are taken for AI. */
function notAi(context: KindContext): KindCorrection | undefined {
  if (!context.has(generic.id)) return undefined;
  const has = (field: Field) => context.get(field) !== undefined;
  const isNamed = has('requestModel') || has('responseModel');
  const isSpent = TOKENS.some(has);
  const { turns, plainWords, toolData, saysTool } = evidenceIn(context.span.attributes);
  const isAi =
    turns ||
    (isNamed && (isSpent || plainWords)) ||
    (isSpent && plainWords) ||
    (has('toolName') && !isNamed && (toolData || has('toolCallId'))) ||
    (saysTool && context.kind === 'tool' && (has('inputState') || has('outputState'))) ||
    (has('agentName') && context.kind === 'agent');
  return isAi
    ? undefined
    : { kind: 'ignore', because: 'no dialect knows its scope or any of its attributes' };
}

interface Evidence {
  /** Turns of a conversation, with their roles. */
  turns: boolean;
  /** Words under a name that means a prompt or an answer. */
  plainWords: boolean;
  /** What a tool was given or gave, under a name that says so. */
  toolData: boolean;
  /** The kind of the span is said to be a tool, and not of anything else that can be a tool. */
  saysTool: boolean;
}

/** What has a kind, when a name ends in it. */
const KIND_OF_SPAN = /^(?:span|event|observation|run|step|node)$/;

function evidenceIn(attributes: KindContext['span']['attributes']): Evidence {
  const found: Evidence = { turns: false, plainWords: false, toolData: false, saysTool: false };
  for (const name in attributes) {
    const value = attributes[name];
    if (isPlaceholder(value) || typeof value === 'number' || typeof value === 'boolean') continue;
    const list = /^(.*?\.)\d{1,9}\.(?:message\.)?role$/.exec(name)?.[1];
    const words = wordsOf(list ?? name);
    for (const { reading, field, isWeak } of endingOf(words)) {
      if (reading === 'messages') {
        found.turns ||= list !== undefined || hasRoles(value);
        found.plainWords ||= !isWeak;
      }
      found.toolData ||= !isWeak && (field === 'inputState' || field === 'outputState');
      found.saysTool ||= reading === 'kind' && KIND_OF_SPAN.test(words.at(-2) ?? '');
    }
  }
  return found;
}

/** A role stands near the beginning of the first message. */
const ROLE_WITHIN = 2000;

function hasRoles(value: unknown): boolean {
  const first = Array.isArray(value) ? value[0] : value;
  if (isRecord(first)) return typeof first.role === 'string' || Array.isArray(first.messages);
  return typeof first === 'string' && /["']role["']\s*:\s*["']/.test(first.slice(0, ROLE_WITHIN));
}
