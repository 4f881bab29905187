import type { SpanKindName } from '../span/span-view.ts';
import type { Cost } from './cost.ts';
import type { Message, ToolDefinition } from './messages.ts';
import type { Usage } from './usage.ts';

/**
 * What a span describes. `generation` and `embedding` are model calls, which alone may carry tokens and cost; every
 * other kind is structure around them.
 */
export const CALL_KINDS = [
  'generation',
  'embedding',
  'tool',
  'agent',
  'workflow',
  'chain',
  'task',
  'step',
  'retriever',
  'reranker',
  'guardrail',
  'evaluator',
  'handoff',
  'prompt',
  'memory',
  'mcp',
  'span',
] as const;

export type CallKind = (typeof CALL_KINDS)[number];

export function isModelCall(kind: CallKind): boolean {
  return kind === 'generation' || kind === 'embedding';
}

/**
 * One span, understood: the same shape whichever instrumentation produced it. An absent field is unknown; nothing is
 * filled in with a guess.
 */
export interface LlmCall {
  readonly kind: CallKind;
  /** The span names no operation; the kind was concluded from what it carries. */
  readonly kindIsInferred?: boolean;
  /** Id of the dialect that claimed the span. */
  readonly dialect: string;
  /** Framework that made the call, when the dialect names one (`vercel`, `langchain`, …). */
  readonly framework?: string;
  /** Version of that framework, when the span says it. */
  readonly frameworkVersion?: string;
  /** The operation as the instrumentation wrote it (`chat`, `execute_tool`, …). */
  readonly operation?: string;

  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** No parent, or a parent in another process. */
  readonly isLocalRoot: boolean;
  /**
   * The topmost span of its process by its name alone: no span above it can still come from here.
   * @internal
   */
  readonly isProcessRoot?: true | undefined;
  /** No parent at all, so that the span stands for the whole trace. One span of a trace at most. */
  readonly isTraceRoot: boolean;
  /** Name of the OpenTelemetry span. */
  readonly spanName: string;
  /** `server` when a gateway or the provider itself reports the call. */
  readonly spanKind: SpanKindName;
  /** Milliseconds since the epoch. */
  readonly startTimeMs?: number;
  /**
   * The answer of a stream, recorded apart from its request.
   * @internal
   */
  readonly isStreamAnswer?: true | undefined;
  /**
   * Nothing but the usage of calls beside it.
   * @internal
   */
  readonly isUsageRecord?: true | undefined;
  /**
   * The request of a call without its answer, or the answer alone: the call is a span above, if any of them is one.
   * @internal
   */
  readonly isHalfOfCall?: true | undefined;
  /** Milliseconds since the epoch. */
  readonly endTimeMs?: number;
  readonly scope: { readonly name: string; readonly version?: string };

  readonly model?: string;
  readonly requestedModel?: string;
  readonly provider?: string;
  readonly baseUrl?: string;
  readonly responseId?: string;

  /** Generations: the conversation sent. */
  readonly input?: readonly Message[];
  /**
   * In place of `input` where only the event needs it, so never for functions of the application; see `inputOf`.
   * @internal
   */
  readonly readInput?: () => readonly Message[] | undefined;
  /** Generations: one message per choice (a choice whose parts must keep their order may span several). */
  readonly output?: readonly Message[];
  /** Embeddings: the texts embedded. */
  readonly embeddingInput?: string | readonly string[];
  /** All other kinds: what went in and what came out, raw. */
  readonly inputState?: unknown;
  readonly outputState?: unknown;
  readonly tools?: readonly ToolDefinition[];
  /**
   * All other kinds: what they have of a model call that they made.
   * @internal
   */
  readonly readInnerCall?: (() => InnerCallFacts) | undefined;
  /**
   * Something of it stood on the span above it, or on its HTTP request below it, alone.
   * @internal
   */
  readonly hasFactsFromAbove?: true;

  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly streaming?: boolean;
  readonly finishReason?: string;
  readonly timeToFirstTokenSeconds?: number;
  readonly usage?: Usage;
  readonly cost?: Cost;
  /** Tier that served the call (`default`, `flex`, `priority`, …), which has a price of its own; not the one asked for. */
  readonly serviceTier?: string;
  /** Searches of the web that the provider ran and bills for. */
  readonly webSearchCount?: number;

  readonly error?: CallError;
  readonly httpStatus?: number;

  /** Name of the key of a gateway (OpenRouter, LiteLLM) that the call was made with. */
  readonly apiKeyName?: string;
  readonly toolName?: string;
  readonly agentName?: string;
  readonly workflowName?: string;
  readonly promptName?: string;
  readonly promptVersion?: string | number;
  /** The prompt before its variables were filled in, and their values: content, as the prompt itself. */
  readonly promptTemplate?: string;
  readonly promptVariables?: Readonly<Record<string, unknown>>;

  /**
   * It holds a text of megabytes, so that its event is made with pauses.
   * @internal
   */
  readonly isLarge?: true;

  readonly trace: TraceMetadata;
  readonly privacyRequested: boolean;
  /** `service.name`, `service.version`, `deployment.environment.name` when the resource has them. */
  readonly service: Readonly<Record<string, string>>;
  /** Calls that this one stands for, where sampling left others out. */
  readonly sampleWeight?: number;
  /** `$ai_…` properties that the application set on the span, in its metadata or on the resource. */
  readonly ownProperties?: Readonly<Record<string, unknown>>;
  /** Span attributes the user asked to have sent, by their own names. */
  readonly extraAttributes?: Readonly<Record<string, unknown>>;
}

/** What an agent, a workflow or a step has of the one model call that it made, where that has it not itself. */
export type InnerCallFacts = Pick<LlmCall, 'model' | 'usage' | 'cost' | 'input' | 'output' | 'tools'>;

/**
 * The conversation sent, read now if it was not yet.
 *
 * What it buys: a prompt is read when its event is made, not when its batch is resolved. So it is still in the
 * processor's cache when it is written, which is a tenth of the main thread where prompts are large; and the prompts of
 * calls that sampling leaves out are not read at all.
 */
export function inputOf({ input, readInput }: LlmCall): readonly Message[] | undefined {
  return input ?? readInput?.();
}

export interface CallError {
  readonly type?: string;
  /** May quote the prompt; content in the sense of privacy mode. */
  readonly message?: string;
}

/** Identity and metadata that the application attached to the trace. */
export interface TraceMetadata {
  readonly traceId?: string;
  readonly traceName?: string;
  readonly generationName?: string;
  readonly parentSpanId?: string;
  /** The same parent, when it was named for a stretch of code: spans below a span of that stretch keep their parent. */
  readonly scopeParentSpanId?: string;
  readonly user?: string;
  readonly sessionId?: string;
  /** What the resource names, for traces of which no span names any. */
  readonly ofResource?: { readonly user?: string | undefined; readonly sessionId?: string | undefined };
  /** PostHog web session (replay), distinct from the conversation. */
  readonly webSessionId?: string;
  readonly groups?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  /** Every other key, unprefixed. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** What an instrumentation filled of it; the rest the application set by `withTrace` or `trace.*` attributes. */
  readonly instrumentationMetadata?: Readonly<Record<string, unknown>>;
}
