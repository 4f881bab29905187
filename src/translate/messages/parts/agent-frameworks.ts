import type { PartTable } from '../recogniser.ts';
import { toolCallPart, toolResultPart } from '../tool-parts.ts';

/** Types in camel case: Strands' own form of Bedrock's blocks, and the blocks of Flue. */
export const AGENT_FRAMEWORK_PARTS: PartTable = {
  toolUse: toolCallPart,
  toolCall: toolCallPart,
  toolResult: toolResultPart,
};
