import type { KindContext } from '../dialect.ts';

const SIGNS = [
  'operation',
  'requestModel',
  'responseModel',
  'inputTokens',
  'outputTokens',
  'inputMessages',
  'outputMessages',
  'toolName',
  'agentName',
] as const;

/**
 * Whether a span carries anything of an AI operation. For emitters whose scope covers all kinds of work,
 * where the scope alone says nothing.
 */
export function hasSignOfAi(context: KindContext): boolean {
  return context.kind !== undefined || SIGNS.some((field) => context.get(field) !== undefined);
}
