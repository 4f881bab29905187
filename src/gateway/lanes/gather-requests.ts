import { estimateSpanBytes } from '../../translate/span/span-bytes.ts';
import type { SpanView } from '../../translate/span/span-view.ts';
import type { LaneTaking } from './lane-taking.ts';

/**
 * Small requests of many senders, or of Kafka, which hands over one for each message, would be a request to PostHog each.
 * So long, in milliseconds, one waits for others; half of it is added to the answers that wait for more than memory.
 */
const GATHER_MS = 25;

/** From this size on nothing waits: it fills a request by itself. */
const GATHER_BYTES = 512 * 1024;

/** Spans of several requests, which go on together. */
export interface GatheredRequests {
  add(spans: readonly SpanView[]): LaneTaking;
  /** Hands over what waits. */
  flush(): void;
}

interface Waiting {
  readonly spans: SpanView[];
  bytes: number;
  /** Of the hand-over, once there is one. */
  readonly taking: Promise<LaneTaking>;
  readonly handOver: (taking: LaneTaking) => void;
}

export function gatherRequests(take: (spans: readonly SpanView[]) => LaneTaking): GatheredRequests {
  let waiting: Waiting | undefined;
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    const ready = waiting;
    waiting = undefined;
    ready?.handOver(take(ready.spans));
  };
  const begin = (): Waiting => {
    let handOver: Waiting['handOver'] = () => {};
    const taking = new Promise<LaneTaking>((resolve) => {
      handOver = resolve;
    });
    timer = setTimeout(flush, GATHER_MS);
    return { spans: [], bytes: 0, taking, handOver };
  };

  return {
    add(spans) {
      waiting ??= begin();
      const { taking } = waiting;
      for (const span of spans) waiting.spans.push(span);
      waiting.bytes += estimateSpanBytes(spans);
      if (waiting.bytes >= GATHER_BYTES) flush();
      return { stored: taking.then(({ stored }) => stored), done: taking.then(({ done }) => done) };
    },
    flush,
  };
}
