import { awaitLogContent } from '../../pipeline/log-content/await-log-content.ts';
import { isEvaluationRecord, toContentRecord } from '../../pipeline/log-content/join-log-records.ts';
import type { LogContentStore } from '../../pipeline/log-content/log-content-store.ts';
import { estimateSpanBytes } from '../../translate/span/span-bytes.ts';
import type { SpanView } from '../../translate/span/span-view.ts';
import type { Lane } from '../lanes/lane.ts';
import type { LaneResult, LaneTaking } from '../lanes/lane-taking.ts';
import type { Intake, RequestInfo } from '../receive/intake.ts';
import { noRoom, type Refusal } from '../receive/otlp-answer.ts';
import { type Acknowledgement, ANSWER_WITHIN_MS, acknowledge } from './acknowledge.ts';
import { type TestSpans, withoutOpenRouterTests } from './openrouter-tests.ts';
import { createWaitingRequests, type WaitingRequests } from './waiting-requests.ts';

export interface IntakeOptions {
  /** Those in force; a reload may change them. */
  readonly lanes: () => readonly Lane[];
  readonly acknowledge: Acknowledgement;
  /** Holds nothing that no destination would send. */
  readonly logContent: LogContentStore;
  /** How long spans wait for log records that hold their content. */
  readonly waitForLogsMs: number;
  readonly testSpans: TestSpans;
  /** Why the destinations of a sender cannot take anything, for who tests the connection. */
  readonly troubleOf: (lanes: readonly Lane[]) => string | undefined;
  readonly observer: IntakeObserver;
}

/** Learns of what came, for figures and the page. */
export interface IntakeObserver {
  onSpans(outcome: SpanOutcome, count: number, info: RequestInfo): void;
  onLogs(count: number, info: RequestInfo): void;
  onMetrics(info: RequestInfo): void;
  /** The spans with their log content, as the lanes get them. */
  onJoined(spans: readonly SpanView[], info: RequestInfo): void;
  /** A destination has done with spans; what it could not keep may come again. */
  onDone(destination: string, spans: readonly SpanView[], result: LaneResult): void;
}

/** `unmatched`: no destination is meant to get the span. */
export type SpanOutcome = 'accepted' | 'refused' | 'unreadable' | 'test' | 'unmatched';

/** Takes what receivers have decoded to the lanes: tests aside, logs joined once, and answered when it is time. */
export function createIntake(options: IntakeOptions): Intake {
  const { logContent, observer } = options;
  const waiting = createWaitingRequests(options.waitForLogsMs);

  const refuse = (count: number, info: RequestInfo, refusal: Refusal): Refusal => {
    observer.onSpans('refused', count, info);
    info.release();
    return refusal;
  };

  return {
    async takeSpans(decoded, info) {
      const lanes = options.lanes();
      const mine = lanes.filter((lane) => lane.select(decoded.spans, info.sender).length > 0);
      const { spans, tests } = withoutOpenRouterTests(decoded.spans, options.testSpans);
      observer.onSpans('unreadable', decoded.unreadable, info);
      observer.onSpans('test', tests, info);
      if (spans.length === 0) {
        info.release();
        const trouble = info.isTest
          ? options.troubleOf(lanes.filter((lane) => lane.isFor(info.sender)))
          : undefined;
        return trouble === undefined
          ? undefined
          : { reason: 'not-delivered', message: trouble, retryAfterS: 5 };
      }
      const bytes = estimateSpanBytes(spans);
      const open = mine.filter((lane) => lane.hasRoom(bytes));
      if (mine.length > 0 && open.length === 0) return refuse(spans.length, info, noRoom());
      observer.onSpans(mine.length > 0 ? 'accepted' : 'unmatched', spans.length, info);
      for (const lane of mine) if (!open.includes(lane)) lane.drop(lane.select(spans, info.sender));

      const startedMs = performance.now();
      const handedOver = handOver(spans, open, info, waiting, options);
      // Those in force may be others by then, and those of now must not end before.
      for (const lane of open) lane.expect(handedOver);
      void handedOver
        .then((takings) => Promise.all(takings.map(([, { done }]) => done)))
        .finally(info.release);
      return options.acknowledge === 'accepted' ? undefined : answerOf(await handedOver, startedMs, options);
    },

    async takeLogs(records, info) {
      observer.onLogs(records.length, info);
      const startedMs = performance.now();
      const lanes = options.lanes();
      const known = records.map(toContentRecord).filter((record) => record !== undefined);
      if (sendContent(lanes, info))
        for (const record of known) if (!isEvaluationRecord(record)) logContent.hold(record);
      const evaluations = known.filter(isEvaluationRecord);
      const takings = lanes.flatMap((lane) => {
        const taking = lane.takeEvaluations(evaluations, info.sender);
        return taking ? [[lane, taking] as const] : [];
      });
      void Promise.all(takings.map(([, { done }]) => done)).finally(info.release);
      return answerOf(takings, startedMs, options);
    },

    countMetrics: (info) => observer.onMetrics(info),
  };
}

/** Whether anything that the request holds of prompts and answers may leave. */
function sendContent(lanes: readonly Lane[], { sender }: RequestInfo): boolean {
  return lanes.some((lane) => lane.sendsContentOf(sender));
}

/** Waits for what the answer promises. */
async function answerOf(
  takings: readonly (readonly [Lane, LaneTaking])[],
  startedMs: number,
  { acknowledge: mode }: IntakeOptions,
): Promise<Refusal | undefined> {
  const failure = await acknowledge(mode, takings, ANSWER_WITHIN_MS - (performance.now() - startedMs));
  return failure === undefined ? undefined : { reason: 'not-delivered', message: failure, retryAfterS: 1 };
}

/** Gives the spans to the lanes, once their log content is there. Never rejects. */
async function handOver(
  spans: readonly SpanView[],
  lanes: readonly Lane[],
  info: RequestInfo,
  waiting: WaitingRequests,
  { logContent, waitForLogsMs, observer }: IntakeOptions,
): Promise<(readonly [Lane, LaneTaking])[]> {
  const hasContent = sendContent(lanes, info);
  if (hasContent) await waiting.enter(spans, awaitLogContent(spans, logContent, waitForLogsMs));
  const joined = hasContent ? logContent.join(spans) : spans;
  observer.onJoined(joined, info);
  const selected = lanes.map((lane) => ({ lane, mine: lane.select(joined, info.sender) }));
  if (selected.length > 1) for (const { lane, mine } of selected) lane.announce(mine);
  return selected.map(({ lane, mine }) => {
    const taking = lane.take(mine);
    void taking.done.then((result) => observer.onDone(lane.name, mine, result));
    return [lane, taking] as const;
  });
}
