import { OPEN_LIST } from '../../json/json-characters.ts';
import { expectedWords, LiteralScanner } from '../../json/literal-scanner.ts';
import { retained } from '../../json/memory/retained.ts';
import { canScan } from '../../json/source-units.ts';
import type { Message, Part } from '../call/messages.ts';
import { buildMessage, saysNothing } from './message.ts';
import type { JsonObject } from './recogniser.ts';
import { readRole } from './roles.ts';
import { scanParts } from './scan-parts.ts';

/**
 * Reads the commonest recording, a JSON list of OpenTelemetry's `{role, parts}`, leaving long texts where they stand
 * (see `RecordedText`). What it buys: content is not parsed, only checked to be what may be copied.
 *
 * @returns what `readMessages` gives for the same text; `undefined` for everything that is not written as expected
 */
export function scanMessages(source: string, defaultRole: string): Message[] | undefined {
  if (!canScan || source.charCodeAt(0) !== OPEN_LIST) return undefined;
  const scanner = new LiteralScanner(source);
  scanner.enterList();
  const messages: Message[] = [];
  do {
    const message = scanMessage(scanner, defaultRole);
    if (message === undefined) return undefined;
    if (!saysNothing(message, WITH_PARTS)) messages.push(message);
  } while (scanner.goOn());
  if (!scanner.leaveList() || !scanner.isAtEnd()) return undefined;
  return messages.some(({ parts }) => parts.length > 0) ? retained(messages) : undefined;
}

/** What has been scanned has this member, and none of the others that hold content. */
const WITH_PARTS: JsonObject = { parts: [] };

const MESSAGE_KEYS = expectedWords('role', 'parts', 'finish_reason', 'name');
const ROLES = expectedWords('user', 'assistant', 'system', 'tool');

interface MessageMembers {
  role: string | undefined;
  parts: readonly Part[] | undefined;
  finish_reason: string | undefined;
  name: string | undefined;
}

function scanMessage(scanner: LiteralScanner, defaultRole: string): Message | undefined {
  if (!scanner.enterObject()) return undefined;
  const members: MessageMembers = {
    role: undefined,
    parts: undefined,
    finish_reason: undefined,
    name: undefined,
  };
  do {
    const key = scanner.key(MESSAGE_KEYS);
    if (key === undefined || !scanMember(scanner, key, members)) return undefined;
  } while (scanner.goOn());
  const { role, parts, name, finish_reason: finishReason } = members;
  if (!scanner.leaveObject() || role === undefined || parts === undefined) return undefined;
  return buildMessage(readRole(role, defaultRole), name || undefined, finishReason || undefined, parts);
}

/**
 * False for a value that is not of the kind expected. Of a member that stands there twice the last one counts, as always
 * in JavaScript. By a switch: computed names take the engine four times as long.
 */
function scanMember(scanner: LiteralScanner, key: keyof MessageMembers, members: MessageMembers): boolean {
  switch (key) {
    case 'role':
      members.role = scanner.oneOf(ROLES) ?? scanner.word();
      return members.role !== undefined;
    case 'parts':
      members.parts = scanParts(scanner);
      return members.parts !== undefined;
    case 'finish_reason':
      members.finish_reason = scanner.word();
      return members.finish_reason !== undefined;
    case 'name':
      members.name = scanner.word();
      return members.name !== undefined;
  }
}
