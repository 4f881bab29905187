import type { Cost } from './cost.ts';
import type { Message, ToolDefinition } from './messages.ts';
import type { Usage } from './usage.ts';

/** What an agent, a workflow or a step has of the one model call that it made, where that has it not itself. */
export interface InnerCallFacts {
  readonly model?: string | undefined;
  readonly usage?: Usage | undefined;
  readonly cost?: Cost | undefined;
  readonly input?: readonly Message[] | undefined;
  readonly output?: readonly Message[] | undefined;
  readonly tools?: readonly ToolDefinition[] | undefined;
}
