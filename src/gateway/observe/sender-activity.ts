import type { IntakeObserver } from '../admit/create-intake.ts';
import type { RequestInfo } from '../receive/intake.ts';

/** What a sender has sent since the start. */
export interface SenderActivity {
  /** Empty where no sender is asked for. */
  readonly name: string;
  readonly transports: readonly RequestInfo['transport'][];
  /** ISO 8601; absent when nothing has come yet. */
  readonly lastSeen?: string;
  readonly spans: number;
  /** Spans that were answered with an error, since there was no room. */
  readonly refusedSpans: number;
  /** Spans without ids. */
  readonly unreadableSpans: number;
  /** Spans that no destination is meant to get. */
  readonly unmatchedSpans: number;
  /** Spans of OpenRouter's own tests. */
  readonly testSpans: number;
  readonly logRecords: number;
}

export interface SendersActivity extends Pick<IntakeObserver, 'onSpans' | 'onLogs'> {
  /** Those of the configuration and those that came, in that order. */
  list(): readonly SenderActivity[];
}

const COUNTED = {
  accepted: 'spans',
  refused: 'refusedSpans',
  unreadable: 'unreadableSpans',
  unmatched: 'unmatchedSpans',
  test: 'testSpans',
} as const;

/** @param names of the senders in the configuration */
export function createSendersActivity(names: readonly string[]): SendersActivity {
  const senders = new Map(names.map((name) => [name, neverSeen(name)]));
  const note = ({ sender, transport }: RequestInfo, change: Partial<SenderActivity>): void => {
    const before = senders.get(sender) ?? neverSeen(sender);
    const transports = before.transports.includes(transport)
      ? before.transports
      : [...before.transports, transport];
    senders.set(sender, { ...before, ...change, transports, lastSeen: new Date().toISOString() });
  };
  const seen = (sender: string): SenderActivity => senders.get(sender) ?? neverSeen(sender);
  return {
    onSpans(outcome, count, info) {
      const field = COUNTED[outcome];
      if (count > 0) note(info, { [field]: seen(info.sender)[field] + count });
    },
    onLogs: (count, info) => note(info, { logRecords: seen(info.sender).logRecords + count }),
    list: () => [...senders.values()],
  };
}

function neverSeen(name: string): SenderActivity {
  return {
    name,
    transports: [],
    spans: 0,
    refusedSpans: 0,
    unreadableSpans: 0,
    unmatchedSpans: 0,
    testSpans: 0,
    logRecords: 0,
  };
}
