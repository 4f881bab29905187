import { isRecord } from '../messages/recorded-json.ts';
import type { Dialect, ReadContext } from './dialect.ts';
import { attribute, lastResort, own, structured } from './shared/sources.ts';
import { toContent } from './shared/values.ts';

/**
 * TanStack AI's middleware. The tracer is the application's, so is the scope. The root `chat <model>` repeats the sum of
 * its iterations and, unlike them, names no operation; tool spans name none either. Content and tool results are copied
 * into Langfuse's attributes. Source: `@tanstack/ai` 0.58, `middlewares/otel`.
 */
export const tanstackAi: Dialect = {
  id: 'tanstack-ai',
  title: 'TanStack AI',
  framework: 'tanstack-ai',
  detect: { prefixes: ['tanstack.ai.'] },
  fields: {
    kind: [
      attribute('tanstack.ai.tool.outcome', () => 'tool'),
      attribute('tanstack.ai.iterations', () => 'agent'),
      attribute('tanstack.ai.completion.reason', (_value, context) =>
        isRoot(context) ? 'agent' : undefined,
      ),
      // A failed tool call has no outcome yet.
      lastResort(attribute('gen_ai.tool.call.id', () => 'tool')),
    ],
    inputState: [own(structured('gen_ai.input.messages', toolContent))],
    outputState: [own(structured('gen_ai.output.messages', toolContent))],
  },
};

function isRoot({ span }: ReadContext): boolean {
  return span.kind === 'internal' && span.attributes['gen_ai.tool.name'] === undefined;
}

/** Arguments and result of a tool as the content of one message with the role `tool`. */
function toolContent(list: unknown, { span }: ReadContext): unknown {
  if (span.attributes['gen_ai.tool.name'] === undefined || !Array.isArray(list)) return undefined;
  const [message] = list as unknown[];
  return isRecord(message) && message.role === 'tool' ? toContent(message.content) : undefined;
}
