/** What one request to a model server was about and what came back, in one form for all providers. */
export interface TruthCall {
  readonly kind: 'generation' | 'embedding' | 'none';
  /** Values of `$ai_provider` that are right for the server that was asked. */
  readonly providers: readonly string[];
  readonly requestedModel: string | undefined;
  readonly responseModel: string | undefined;
  readonly responseId: string | undefined;
  readonly isStream: boolean;
  readonly status: number;
  /** Not answered, or broken off by an error of the server. */
  readonly isFailed: boolean;
  readonly errorMessage: string | undefined;
  readonly input: readonly TruthItem[];
  /** One list per choice. */
  readonly output: readonly (readonly TruthItem[])[];
  readonly toolNames: readonly string[];
  readonly usage: TruthUsage;
  /** In OpenAI's words. */
  readonly finishReasons: readonly string[];
  readonly costUsd: number | undefined;
  /** As JSON, to find retries of one request. */
  readonly requestText: string;
  /** The answer, opened; to tell what is not of this exchange. */
  readonly answer: unknown;
}

export type TruthItem =
  | { readonly type: 'text'; readonly role: string; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  | {
      readonly type: 'tool_call';
      readonly id: string | undefined;
      readonly name: string;
      readonly args: unknown;
    }
  | { readonly type: 'tool_result'; readonly id: string | undefined; readonly text: string }
  /** The URL, or the base64 data. */
  | { readonly type: 'media'; readonly data: string };

export interface TruthUsage {
  /** With cached tokens. */
  readonly input: number | undefined;
  readonly uncachedInput: number | undefined;
  /** With reasoning tokens. */
  readonly output: number | undefined;
  readonly visibleOutput: number | undefined;
  readonly cacheRead: number | undefined;
  readonly cacheWrite: number | undefined;
  readonly reasoning: number | undefined;
  /** Every number the provider gave, for counts that are passed on as they are. */
  readonly all: readonly number[];
}

export interface UsageParts {
  readonly input?: number | undefined;
  readonly output?: number | undefined;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
  readonly reasoning?: number | undefined;
  readonly cacheIsExtra?: boolean;
  readonly reasoningIsExtra?: boolean;
  readonly raw: unknown;
}

export function toUsage(parts: UsageParts): TruthUsage {
  const { cacheRead, cacheWrite, reasoning } = parts;
  const cached = (cacheRead ?? 0) + (cacheWrite ?? 0);
  return {
    input: plus(parts.input, parts.cacheIsExtra ? cached : 0),
    uncachedInput: plus(parts.input, parts.cacheIsExtra ? 0 : -cached),
    output: plus(parts.output, parts.reasoningIsExtra ? (reasoning ?? 0) : 0),
    visibleOutput: plus(parts.output, parts.reasoningIsExtra ? 0 : -(reasoning ?? 0)),
    cacheRead,
    cacheWrite,
    reasoning,
    all: numbersIn(parts.raw),
  };
}

export const NO_USAGE: TruthUsage = toUsage({ raw: undefined });

function plus(count: number | undefined, more: number): number | undefined {
  return count === undefined ? undefined : count + more;
}

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}

const FINISH: Readonly<Record<string, string>> = {
  stop: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  complete: 'stop',
  completed: 'stop',
  finish: 'stop',
  length: 'length',
  max_tokens: 'length',
  max_output_tokens: 'length',
  tool_calls: 'tool_calls',
  tool_use: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'content_filter',
  safety: 'content_filter',
  refusal: 'content_filter',
};

export function foldReasons(...reasons: readonly unknown[]): string[] {
  return reasons.flatMap((reason) =>
    typeof reason === 'string' ? [FINISH[reason.toLowerCase()] ?? reason] : [],
  );
}
