import { totalBytes } from '../pack.ts';
import type { DeliveryResult, SendEvents, SerialisedEvent } from '../transport.ts';
import type { TurnsTaken } from '../turns.ts';

export interface JoinOptions {
  /** The turns in which requests are made. */
  readonly turns: TurnsTaken;
  /** Joined deliveries under way at a time. */
  readonly maxJoined: number;
  readonly maxEvents: number;
  readonly maxBytes: number;
  /** What waits leaves at once, to meet its end. */
  readonly stop: AbortSignal;
}

/** Events that wait, with the callback for what became of them. */
interface Order {
  readonly events: readonly SerialisedEvent[];
  readonly bytes: number;
  readonly deadlineAtMs: number;
  readonly done: (result: Promise<DeliveryResult>) => void;
}

/** The deadlines of events that are sent together are at most so far apart; the first counts for all. */
const MAX_DEADLINE_GAP_MS = 2_000;

/**
 * Sends that find all requests under way leave together when one of them is over. What it buys: an application that
 * exports its spans one by one, faster than the server answers, needs a few requests for thousands of them, where each
 * would wait for its turn until its time is over.
 */
export function joinSends(send: SendEvents, options: JoinOptions): SendEvents {
  const { turns, stop, maxJoined } = options;
  let waiting: Order[] = [];
  let joined = 0;

  const sendGroup = async (): Promise<void> => {
    const group = takeGroup(waiting, options);
    waiting = waiting.slice(group.length);
    const [first] = group;
    if (first === undefined) return;
    joined += 1;
    const failing = send(
      group.flatMap(({ events }) => events),
      first.deadlineAtMs,
    ).then(({ failed }) => new Map(failed.map((failure) => [failure.event, failure])));
    for (const { events, done } of group) {
      done(
        failing.then((failures) => {
          const failed = events.flatMap((event) => failures.get(event) ?? []);
          return { delivered: events.length - failed.length, failed };
        }),
      );
    }
    await failing.catch(() => {});
    joined -= 1;
    next();
  };
  const next = (): void => {
    if (waiting.length > 0 && joined < maxJoined) void sendGroup();
  };
  turns.onFree(next);
  stop.addEventListener('abort', () => {
    while (waiting.length > 0) void sendGroup();
  });

  return (events, deadlineAtMs) => {
    if (stop.aborted || !turns.areTaken()) return send(events, deadlineAtMs);
    return new Promise((done) => waiting.push({ events, bytes: totalBytes(events), deadlineAtMs, done }));
  };
}

/** The first, and those after it that fit. */
function takeGroup(waiting: readonly Order[], { maxEvents, maxBytes }: JoinOptions): readonly Order[] {
  const endsAtMs = (waiting[0]?.deadlineAtMs ?? 0) + MAX_DEADLINE_GAP_MS;
  let count = 0;
  let bytes = 0;
  const end = waiting.findIndex((order, index) => {
    count += order.events.length;
    bytes += order.bytes;
    if (index === 0) return false;
    return count > maxEvents || bytes > maxBytes || order.deadlineAtMs > endsAtMs;
  });
  return end < 0 ? waiting : waiting.slice(0, end);
}
