import { trace } from '@opentelemetry/api';

const ROLES = {
  'gen_ai.system.message': 'system',
  'gen_ai.user.message': 'user',
  'gen_ai.assistant.message': 'assistant',
  'gen_ai.tool.message': 'tool',
};

/** Messages of each span so far. */
const inputs = new WeakMap();
const outputs = new WeakMap();

/**
 * Log record processor for `@opentelemetry/instrumentation-openai`, which keeps prompts and answers off the span: while
 * the span is open it emits one log record per message. This puts them on the span, where an exporter can see them.
 */
export const messagesFromLogs = {
  onEmit({ attributes, body }, context) {
    const span = trace.getSpan(context);
    const name = attributes['event.name'];
    if (!span) return;
    if (name === 'gen_ai.choice') {
      const message = { role: 'assistant', parts: parts(body.message), finish_reason: body.finish_reason };
      add(outputs, span, 'gen_ai.output.messages', message);
    } else if (name in ROLES) {
      const role = ROLES[name];
      const response = [{ type: 'tool_call_response', id: body.id, response: body.content }];
      add(inputs, span, 'gen_ai.input.messages', { role, parts: role === 'tool' ? response : parts(body) });
    }
  },
  async forceFlush() {},
  async shutdown() {},
};

function add(messages, span, attribute, message) {
  const all = [...(messages.get(span) ?? []), message];
  messages.set(span, all);
  span.setAttribute(attribute, JSON.stringify(all));
}

/** The message shape of the OpenTelemetry GenAI conventions. */
function parts({ content, tool_calls = [] }) {
  const calls = tool_calls.map((call) => ({
    type: 'tool_call',
    id: call.id,
    name: call.function?.name,
    arguments: call.function?.arguments,
  }));
  return content ? [{ type: 'text', content }, ...calls] : calls;
}
