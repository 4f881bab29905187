import type { PartTable } from '../recogniser.ts';
import { toolCallPart, toolResultPart } from '../tool-parts.ts';

/** Types in camel case: Strands' own form of Bedrock's blocks, and the blocks of Flue. */
export const AGENT_FRAMEWORK_PARTS: PartTable = {
  toolUse: toolCallPart,
  toolCall: toolCallPart,
  toolResult: toolResultPart,
};

/** Calls in the answers that Mozilla's any-agent records. */
export const AGENT_FRAMEWORK_CALLS: PartTable = { 'tool.name': toolCallPart };
