import type { KindContext } from '../dialect.ts';
import type { Field } from '../fields.ts';

/** Names of models. */
const MODELS = ['requestModel', 'responseModel'] as const satisfies readonly Field[];

/** Prompts, answers, and the name of a tool. */
const CONTENT = ['inputMessages', 'outputMessages', 'toolName'] as const satisfies readonly Field[];

/**
 * What shows that a span is of an AI operation, for emitters whose scope covers all kinds of work, where the scope alone
 * says nothing. How much is a sign depends on what the emitter puts on its other spans.
 */
export const SIGNS_OF_AI = {
  /** For emitters that write nothing of AI on other spans. */
  anything: [...MODELS, ...CONTENT, 'operation', 'inputTokens', 'outputTokens', 'agentName'],
  /** For those that name a model on their own work too. */
  withoutModel: [...CONTENT, 'operation', 'inputTokens', 'outputTokens', 'agentName'],
  /** For those that write operations, agents and counts on other spans too. */
  modelOrContent: [...MODELS, ...CONTENT],
  /** As `modelOrContent`, where steps of a workflow have inputs and outputs. */
  modelContentOrState: [...MODELS, ...CONTENT, 'inputState', 'outputState'],
} as const satisfies Readonly<Record<string, readonly Field[]>>;

/** Whether the kind of the span is known already, or it has one of these signs. */
export function hasSignOfAi(context: KindContext, signs: readonly Field[] = SIGNS_OF_AI.anything): boolean {
  return context.kind !== undefined || signs.some((field) => context.get(field) !== undefined);
}
