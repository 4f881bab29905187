import type { Message, ToolDefinition } from '../../call/messages.ts';
import { createGrownLists } from '../../messages/grown-lists.ts';
import { parseLazily, parseListLazily } from '../../messages/lazy-texts.ts';
import { readEventMessages } from '../../messages/read-event-messages.ts';
import { readFlattened } from '../../messages/read-flattened.ts';
import { readFlattenedTools } from '../../messages/read-flattened-tools.ts';
import { readMessages } from '../../messages/read-messages.ts';
import { readSystemInstructions } from '../../messages/read-system-instructions.ts';
import { readToolDefinitions } from '../../messages/read-tool-definitions.ts';
import { at } from '../../messages/recorded-json.ts';
import { rememberFlattenedTools, rememberTools } from '../../messages/remember-tools.ts';
import { scanMessages } from '../../messages/scan-messages.ts';
import type { SpanEventView } from '../../span/span-view.ts';
import type { AttributeSource, PrefixSource, ReadContext } from '../dialect.ts';
import { attribute, prefixed } from './sources.ts';

/** Messages in any recorded shape, as text or structured. Where none says anything, the next source is asked. */
export function messages(key: string, defaultRole: string): AttributeSource<readonly Message[]> {
  return attribute(key, (value, context) => {
    const read = readAsRecorded(value, defaultRole, context);
    return read?.every(({ parts }) => parts.length === 0) ? undefined : read;
  });
}

/** As `readMessages`; texts stay where they stand when nobody looks at them. */
export function readAsRecorded(
  value: unknown,
  defaultRole: string,
  { texts, span }: Pick<ReadContext, 'texts' | 'span'>,
): readonly Message[] | undefined {
  if (texts !== 'recorded' || typeof value !== 'string') return readMessages(value, defaultRole);
  return (
    scanMessages(value, defaultRole) ??
    readMessages(value, defaultRole, parsedLists.read(span.traceId, value) ?? parseLazily(value))
  );
}

const parsedLists = createGrownLists(parseListLazily);

/** Messages flattened over many attributes (`<prefix>0.role`, …). */
export function flattened(
  prefix: string,
  style: 'openinference' | 'traceloop',
  defaultRole: string,
): PrefixSource<readonly Message[]> {
  return prefixed(prefix, (entries) => readFlattened(entries, style, defaultRole));
}

/** Tool definitions flattened over many attributes (`<prefix>0.name`, `<prefix>0.tool.json_schema`, …). */
export function flattenedTools(prefix: string): PrefixSource<readonly ToolDefinition[]> {
  return prefixed(prefix, (entries, { texts }) =>
    texts === 'recorded' ? rememberFlattenedTools(entries) : readFlattenedTools(entries),
  );
}

export function systemText(key: string): AttributeSource<Message> {
  return attribute(key, readSystemInstructions);
}

export function toolList(key: string): AttributeSource<readonly ToolDefinition[]> {
  return attribute(key, (value, { texts }) =>
    texts === 'recorded' ? rememberTools(value) : readToolDefinitions(value),
  );
}

/** The tools in a recorded request, beside the messages. */
export function toolsBesideMessages(key: string): AttributeSource<readonly ToolDefinition[]> {
  return attribute(key, (_value, context) => {
    const tools = at(context.messagesJson(key), ['tools']);
    return context.texts === 'recorded' ? rememberTools(tools) : readToolDefinitions(tools);
  });
}

export function eventInput(events: readonly SpanEventView[]): readonly Message[] | undefined {
  return nonEmpty(readEventMessages(events)?.input);
}

export function eventOutput(events: readonly SpanEventView[]): readonly Message[] | undefined {
  return nonEmpty(readEventMessages(events)?.output);
}

function nonEmpty(list: readonly Message[] | undefined): readonly Message[] | undefined {
  return list !== undefined && list.length > 0 ? list : undefined;
}
