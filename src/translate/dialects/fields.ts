import type { CallKind } from '../call/llm-call.ts';
import type { Message, ToolDefinition } from '../call/messages.ts';

/**
 * Every fact that a dialect can supply about a span, with its type. Dialects list where they keep each fact; the
 * reader takes the first usable one.
 */
export interface FieldValues {
  kind: CallKind;
  operation: string;

  responseModel: string;
  requestModel: string;
  provider: string;
  baseUrl: string;
  serverAddress: string;
  serverPort: number;
  responseId: string;

  inputMessages: readonly Message[];
  outputMessages: readonly Message[];
  systemInstructions: Message;
  toolDefinitions: readonly ToolDefinition[];
  embeddingInput: string | readonly string[];
  inputState: unknown;
  outputState: unknown;
  toolName: string;
  toolCallId: string;

  parameters: Readonly<Record<string, unknown>>;
  streaming: boolean;

  inputTokens: number;
  outputTokens: number;
  totalTokens: number;
  uncachedInputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  cacheWrite5mTokens: number;
  cacheWrite1hTokens: number;
  reasoningTokens: number;
  textInputTokens: number;
  textOutputTokens: number;
  audioInputTokens: number;
  audioOutputTokens: number;
  imageInputTokens: number;
  imageOutputTokens: number;
  cacheReadAudioTokens: number;
  /** Billed on top of the totals (Anthropic's compaction). */
  extraInputTokens: number;
  extraOutputTokens: number;

  /** The tier that served the call, never the one that was asked for. */
  serviceTier: string;
  /** As the provider counted; what the answer shows is counted without it. */
  webSearchCount: number;

  totalCostUsd: number;
  inputCostUsd: number;
  outputCostUsd: number;

  timeToFirstTokenSeconds: number;
  /** Where the span itself has no length because it was written when all was over. */
  durationSeconds: number;
  /** It records the answer of a stream whose request is another span. */
  isStreamAnswer: boolean;
  /** The topmost span of its process, whether or not an SDK says of its parent that it is in another one. */
  isProcessRoot: boolean;
  /** It only has the usage of calls that stand beside it. */
  isUsageRecord: boolean;
  /** The request of a call without its answer, or the answer alone: the span above should have both. */
  isHalfOfCall: boolean;

  finishReason: string;
  isError: boolean;
  errorType: string;
  errorMessage: string;
  httpStatus: number;

  traceId: string;
  traceName: string;
  generationName: string;
  parentSpanId: string;
  user: string;
  sessionId: string;
  /** Believed only when no span of the trace names any. */
  resourceUser: string;
  resourceSessionId: string;
  webSessionId: string;
  groups: Readonly<Record<string, string>>;
  tags: readonly string[];
  metadata: Readonly<Record<string, unknown>>;
  /** Where an attribute names the framework and no dialect does. */
  framework: string;
  frameworkVersion: string;
  /** `$ai_…` properties that the application set on the span itself. */
  ownProperties: Readonly<Record<string, unknown>>;
  agentName: string;
  workflowName: string;
  promptName: string;
  promptVersion: string | number;
  /** The prompt before its variables were filled in, and their values. */
  promptTemplate: string;
  promptVariables: Readonly<Record<string, unknown>>;
  privacyRequested: boolean;
}

export type Field = keyof FieldValues;

/** Fields whose sources add to each other (earlier sources win per key); all others take the first usable source. */
export const MERGED_FIELDS: ReadonlySet<Field> = new Set<Field>(['parameters', 'metadata']);
