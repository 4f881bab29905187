import { inputOf, type LlmCall } from '../call/llm-call.ts';
import type { Message } from '../call/messages.ts';

/** What a rule can ask of a call. Custom metadata by key: `metadata.feature`. */
export type RuleField = keyof typeof RULE_FIELDS | `metadata.${string}`;

/** Where each field of a rule stands in a call. */
export const RULE_FIELDS = {
  /** `generation`, `embedding`, `tool`, `agent`, … */
  kind: (call) => call.kind,
  model: (call) => call.model,
  requestedModel: (call) => call.requestedModel,
  provider: (call) => call.provider,
  operation: (call) => call.operation,
  framework: (call) => call.framework,
  spanName: (call) => call.spanName,
  agentName: (call) => call.agentName,
  toolName: (call) => call.toolName,
  /** Name of the key of OpenRouter or LiteLLM that the call was made with. */
  apiKeyName: (call) => call.apiKeyName,
  user: (call) => call.trace.user,
  sessionId: (call) => call.trace.sessionId,
  traceName: (call) => call.trace.traceName,
  /** `service.name` of the resource. */
  serviceName: ({ service }) => service['service.name'],
  /** The texts of what was asked, one below the other. */
  inputText: (call) => textOf(inputOf(call)),
  /** The texts of the answer. */
  outputText: ({ output }) => textOf(output),
  /** US dollars, as far as the span carries a cost. */
  costUsd: ({ cost }) => cost && (cost.totalUsd ?? (cost.inputUsd ?? 0) + (cost.outputUsd ?? 0)),
  inputTokens: ({ usage }) => usage?.inputTokens,
  outputTokens: ({ usage }) => usage?.outputTokens,
  totalTokens: ({ usage }) =>
    usage?.totalTokens ??
    (usage?.inputTokens === undefined || usage.outputTokens === undefined
      ? undefined
      : usage.inputTokens + usage.outputTokens),
  latencyMs: ({ startTimeMs, endTimeMs }) =>
    startTimeMs === undefined || endTimeMs === undefined ? undefined : endTimeMs - startTimeMs,
  isError: ({ error }) => error !== undefined,
  errorType: ({ error }) => error?.type,
  httpStatus: (call) => call.httpStatus,
  finishReason: (call) => call.finishReason,
} as const satisfies Record<string, (call: LlmCall) => unknown>;

function textOf(messages: readonly Message[] | undefined): string | undefined {
  const texts = messages?.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])),
  );
  return texts === undefined || texts.length === 0 ? undefined : texts.join('\n');
}

type Scalar = string | number | boolean;

/** One question about one field. A field that the call does not have answers only the negative questions. */
export type Condition =
  | {
      readonly field: RuleField;
      readonly operator: 'equals' | 'not_equals';
      readonly value: Scalar;
    }
  | {
      readonly field: RuleField;
      /** Texts, compared with regard to case. */
      readonly operator: 'contains' | 'not_contains' | 'starts_with' | 'ends_with';
      readonly value: string;
    }
  | {
      readonly field: RuleField;
      /** A JavaScript regular expression of a safe kind: no groups repeated around repetitions, no backreferences. */
      readonly operator: 'regex';
      readonly value: string;
    }
  | { readonly field: RuleField; readonly operator: 'in' | 'not_in'; readonly value: readonly Scalar[] }
  | {
      readonly field: RuleField;
      readonly operator: 'greater' | 'greater_or_equal' | 'less' | 'less_or_equal';
      readonly value: number;
    }
  | { readonly field: RuleField; readonly operator: 'exists' | 'not_exists' };

/** A condition, or a group of rules; groups nest. */
export type Rule =
  | Condition
  | { readonly and: readonly Rule[] }
  | { readonly or: readonly Rule[] }
  | { readonly not: Rule };

export type RuleOperator = Condition['operator'];

/** The value that a field has in a call. */
export function fieldOf(call: LlmCall, field: string): unknown {
  if (field.startsWith('metadata.')) {
    const { metadata } = call.trace;
    const key = field.slice('metadata.'.length);
    return metadata && Object.hasOwn(metadata, key) ? metadata[key] : undefined;
  }
  return Object.hasOwn(RULE_FIELDS, field) ? RULE_FIELDS[field as keyof typeof RULE_FIELDS](call) : undefined;
}
