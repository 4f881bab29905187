import type { CallKind } from '../call/llm-call.ts';
import type { Message } from '../call/messages.ts';
import type { SpanEventView, SpanView } from '../span/span-view.ts';
import type { Dialect } from './dialect.ts';
import { attribute, events, ofSpan, own, ownAttribute } from './shared/sources.ts';
import { toBoolean, toText } from './shared/values.ts';

/**
 * Ax. Its tracer is the application's, so that its spans are known by attributes and names. Usage, finish reason and
 * which tools were called stand in span events. Source: `@ax-llm/ax` (ai/base.ts, trace/trace.ts).
 */
export const ax: Dialect = {
  id: 'ax',
  title: 'Ax',
  framework: 'ax',
  detect: {
    attributes: ['gen_ai.request.llm_is_streaming', 'ax.provider.request_id', 'ax.session.id', 'tool.mode'],
    spanNames: ['AI Chat Request', 'AI Embed Request', 'AxGen', 'AxGen > *', 'AxAgent > *', 'AxFlow > *'],
  },
  fields: {
    kind: [own(ofSpan('span name', kindOfSpan))],
    outputMessages: [own(events('choice events', calledTools))],
    toolName: [ownAttribute('tool.name', toText)],
    streaming: [attribute('gen_ai.request.llm_is_streaming', toBoolean)],
    sessionId: [attribute('ax.session.id', toText)],
  },
};

function kindOfSpan({ name, attributes }: SpanView): CallKind | undefined {
  if (attributes['gen_ai.operation.name'] !== undefined) return undefined;
  if (attributes['tool.name'] !== undefined && name.startsWith('Tool: ')) return 'tool';
  return attributes.signature_name !== undefined ? 'chain' : undefined;
}

/** The names of the tools that the model called; their arguments are recorded nowhere. */
function calledTools(list: readonly SpanEventView[]): readonly Message[] | undefined {
  const choices = list.filter(({ name, attributes }) => name === 'gen_ai.choice' && attributes.tool_names);
  const messages = choices.map(({ attributes }): Message => {
    const names = String(attributes.tool_names).split(',');
    return { role: 'assistant', parts: names.map((name) => ({ type: 'tool_call', name: name.trim() })) };
  });
  return messages.length > 0 ? messages : undefined;
}
