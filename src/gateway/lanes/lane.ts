import type { ResolvedConfig } from '../../config/resolve-config.ts';
import { isRetryableLater } from '../../ledger/drop-reasons.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { TakeResult } from '../../pipeline/take-batch.ts';
import { apiKeyNameOf } from '../../translate/span/api-key-name.ts';
import { matchesAnyName } from '../../translate/span/name-pattern.ts';
import type { LogRecordView } from '../../translate/span/read-log-record.ts';
import { estimateSpanBytes } from '../../translate/span/span-bytes.ts';
import type { SpanView } from '../../translate/span/span-view.ts';
import { gatherRequests } from './gather-requests.ts';
import type { LaneResult, LaneTaking } from './lane-taking.ts';

/** One PostHog project that the gateway sends to. */
export interface LaneConfig {
  readonly name: string;
  readonly config: ResolvedConfig;
  /** Changes with any setting of the destination, so that a reload knows what to make anew. Holds no key. */
  readonly fingerprint: string;
  /** Names of the senders whose spans it gets; absent: of all. */
  readonly senders?: readonly string[] | undefined;
  /** Names of OpenRouter keys whose calls it gets, `*` at the end matches any ending; absent: all spans. */
  readonly apiKeyNames?: readonly string[] | undefined;
}

/** The way of spans to one PostHog project. What happens to one lane does not touch another. */
export interface Lane {
  readonly name: string;
  readonly fingerprint: string;
  readonly pipeline: Pipeline;
  /** Whether it gets anything of a sender. */
  isFor(sender: string): boolean;
  /** The spans of a request that this lane is meant to get. */
  select(spans: readonly SpanView[], sender: string): readonly SpanView[];
  /** Whether content may leave through it: that of one sender, or of any. */
  sendsContentOf(sender?: string): boolean;
  /** Whether it can take so many bytes: into its share of the memory, or onto its disk. */
  hasRoom(bytes: number): boolean;
  /** See `Pipeline.announce`. */
  announce(spans: readonly SpanView[]): void;
  take(spans: readonly SpanView[]): LaneTaking;
  /** Spans will be handed over before the promise resolves; until then the lane does not end. */
  expect(handOver: Promise<unknown>): void;
  /** Takes outcomes of checks, which are events of their own; `undefined` when none of them is for this lane. */
  takeEvaluations(records: readonly LogRecordView[], sender: string): LaneTaking | undefined;
  /** Counts spans that it could not take. */
  drop(spans: readonly SpanView[]): void;
  /** Delivers or stores what it has, as `Pipeline.shutdown`. */
  shutdown(): Promise<void>;
}

/**
 * @param maxHeldBytes share of the memory for spans on their way through this lane
 */
export function createLane(
  { name, fingerprint, config, senders, apiKeyNames }: LaneConfig,
  pipeline: Pipeline,
  maxHeldBytes: number,
): Lane {
  const hasDisk = config.spool !== undefined;
  const expected = new Set<Promise<unknown>>();
  let heldBytes = 0;
  const isFor = (sender: string): boolean => senders === undefined || senders.includes(sender);
  const takeNow = (spans: readonly SpanView[]): LaneTaking => {
    let onStored = (): void => {};
    const onDisk = new Promise<LaneResult>((resolve) => {
      onStored = () => resolve('fine');
    });
    const taken = pipeline.take(spans, onStored);
    const isDone = taken.then((result) => (result.isUnconfirmed ? 'passing' : resultOf(result)));
    return { stored: Promise.race([onDisk, isDone]), done: taken.then(resultOf) };
  };
  const requests = gatherRequests(takeNow);
  return {
    name,
    fingerprint,
    pipeline,
    isFor,
    select(spans, sender) {
      if (!isFor(sender)) return [];
      return apiKeyNames ? ofApiKeys(spans, apiKeyNames) : spans;
    },
    sendsContentOf: (sender) =>
      config.enabled && config.privacyMode !== true && (sender === undefined || isFor(sender)),
    hasRoom: (bytes) => hasDisk || heldBytes === 0 || heldBytes + bytes <= maxHeldBytes,
    announce: pipeline.announce,
    take(spans) {
      const bytes = estimateSpanBytes(spans);
      heldBytes += bytes;
      const taking = requests.add(spans);
      void taking.done.then(() => {
        heldBytes -= bytes;
      });
      return taking;
    },
    expect(handOver) {
      const ended = handOver.finally(() => expected.delete(ended));
      expected.add(ended);
    },
    takeEvaluations(records, sender) {
      // No record names the key of a call, so one is for no lane that asks for keys, as a span without a name is not.
      if (records.length === 0 || apiKeyNames || !isFor(sender)) return undefined;
      for (const record of records) pipeline.takeLogRecord(record);
      return takeNow([]);
    },
    drop(spans) {
      for (let count = 0; count < spans.length; count += 1) pipeline.noteSpan('overloaded');
    },
    async shutdown() {
      await Promise.allSettled(expected);
      requests.flush();
      return pipeline.shutdown();
    },
  };
}

function resultOf({ losses, defect }: TakeResult): LaneResult {
  const isPassing = losses.some(({ reason }) => isRetryableLater(reason) || reason === 'spool-full');
  if (isPassing || defect !== undefined) return 'passing';
  return losses.length > 0 ? 'lost' : 'fine';
}

/** The name stands on one span of a trace, and holds for the others that came with it. */
function ofApiKeys(spans: readonly SpanView[], patterns: readonly string[]): readonly SpanView[] {
  const names = new Map<string, string>();
  for (const { traceId, attributes } of spans) {
    const name = apiKeyNameOf(attributes);
    if (name !== undefined) names.set(traceId, name);
  }
  return spans.filter(({ traceId }) => {
    const name = names.get(traceId);
    return name !== undefined && matchesAnyName(patterns, name);
  });
}
