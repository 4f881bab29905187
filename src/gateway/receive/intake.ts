import type { OtlpLogRecord, OtlpSpans } from '../../translate/span/read-otlp-json.ts';
import type { Refusal } from './otlp-answer.ts';

/** What comes with a request besides its items, whatever carried it. */
export interface RequestInfo {
  /** Name of the sender; empty where none is asked for. */
  readonly sender: string;
  readonly transport: 'http' | 'grpc' | 'openrouter';
  /** The sender only tests the connection (`X-Test-Connection` of OpenRouter). */
  readonly isTest: boolean;
  /** Gives back the memory of the request. To be called once, when nothing of it is held any more. */
  readonly release: () => void;
}

/**
 * Where receivers put what they have decoded. A promise resolves when the sender may get the answer that its request was taken,
 * with `undefined`, or why it was not. Never rejects.
 */
export interface Intake {
  takeSpans(spans: OtlpSpans, info: RequestInfo): Promise<Refusal | undefined>;
  takeLogs(records: readonly OtlpLogRecord[], info: RequestInfo): Promise<Refusal | undefined>;
  /** Counts what is answered but not used. */
  countMetrics(info: RequestInfo): void;
}

/** Counts answers, for the metrics page. */
export type OnAnswered = (answered: {
  readonly route: string;
  readonly code: number;
  readonly durationMs: number;
}) => void;
