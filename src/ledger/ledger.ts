/** What became of a span: `dropped` with the reason. */
export type Fate<Reason extends string> =
  | 'delivered'
  | 'filtered'
  | 'sampled-out'
  | 'spooled'
  | { readonly dropped: Reason };

/** A fate that is the last one. */
export type LastFate<Reason extends string> = Exclude<Fate<Reason>, 'spooled' | 'filtered' | 'sampled-out'>;

export interface LedgerCounts<Reason extends string> {
  /** Handed to `export`. */
  readonly seen: number;
  /** Accepted by PostHog. */
  readonly delivered: number;
  /** Nothing to do with AI. */
  readonly filtered: number;
  /** Left out by choice. */
  readonly sampledOut: number;
  /** Lost, all reasons together. */
  readonly dropped: number;
  readonly droppedByReason: Readonly<Partial<Record<Reason, number>>>;
  /** Safe on disk. */
  readonly spooled: number;
  /** On their way. */
  readonly inFlight: number;
}

/** Ends of events that another instance had spooled. */
export interface RecoveredCounts {
  readonly delivered: number;
  readonly dropped: number;
}

/** Called after each movement. `from` is where the spans were. */
export type OnMove<Reason extends string> = (
  count: number,
  from: 'new' | 'in-flight' | 'spooled',
  to: 'in-flight' | Fate<Reason>,
) => void;

/** The spans of one export. */
export interface Account<Reason extends string> {
  /** Gives fates to spans that have none yet; never to more than there are. */
  setFate(fate: Fate<Reason>, count?: number): void;
  /** Takes in more: events that follow from the spans and are of none of them. */
  expect(count: number): void;
  /** Drops what has no fate yet. */
  close(reason: Reason): void;
  /** What this export lost. */
  dropped(): ReadonlyMap<Reason, number>;
  /** Spans that went to the disk. */
  spooled(): number;
  /** Whether every span was delivered, or was not meant to be. */
  isClean(): boolean;
}

/**
 * The account of all spans. Every span is in one place at any moment, so that always
 * `seen = delivered + filtered + sampledOut + dropped + spooled + inFlight`.
 */
export interface Ledger<Reason extends string> {
  open(count: number): Account<Reason>;
  /** A span that has its fate already, as one of a flood that must cost next to nothing. */
  pass(fate: LastFate<Reason> | 'filtered'): void;
  /** Spooled spans met their end. May be called a moment before the call that says that they were spooled. */
  unspool(fate: LastFate<Reason>, count: number): void;
  /** Events that another instance had spooled met their end; they are in no other count. */
  recover(fate: LastFate<Reason>, count: number): void;
  counts(): LedgerCounts<Reason>;
  recovered(): RecoveredCounts;
}

export function createLedger<Reason extends string>(onMove: OnMove<Reason> = () => {}): Ledger<Reason> {
  const counts = { seen: 0, delivered: 0, filtered: 0, 'sampled-out': 0, spooled: 0, inFlight: 0 };
  const recovered = { delivered: 0, dropped: 0 };
  const lost = new Map<Reason, number>();
  /** Ends of spans that this ledger has not as spooled yet: a file can be sent as soon as it is there. */
  const early: { readonly fate: LastFate<Reason>; count: number }[] = [];

  const arrive = (fate: Fate<Reason>, count: number): void => {
    if (typeof fate === 'string') counts[fate] += count;
    else lost.set(fate.dropped, (lost.get(fate.dropped) ?? 0) + count);
  };

  const applyEarly = (): void => {
    for (let [first] = early; first !== undefined && counts.spooled > 0; [first] = early) {
      const count = Math.min(first.count, counts.spooled);
      first.count -= count;
      if (first.count === 0) early.shift();
      counts.spooled -= count;
      arrive(first.fate, count);
      onMove(count, 'spooled', first.fate);
    }
  };

  const enter = (count: number): void => {
    counts.seen += count;
    counts.inFlight += count;
    onMove(count, 'new', 'in-flight');
  };
  const leave = (fate: Fate<Reason>, count: number): void => {
    counts.inFlight -= count;
    arrive(fate, count);
    onMove(count, 'in-flight', fate);
    applyEarly();
  };

  return {
    open: (total) => openAccount(total, enter, leave),
    pass: (fate) => {
      counts.seen += 1;
      arrive(fate, 1);
      onMove(1, 'new', 'in-flight');
      onMove(1, 'in-flight', fate);
    },
    unspool: (fate, count) => {
      if (count > 0) early.push({ fate, count });
      applyEarly();
    },
    recover: (fate, count) => {
      recovered[fate === 'delivered' ? fate : 'dropped'] += count;
    },
    recovered: () => ({ ...recovered }),
    counts: () => ({
      seen: counts.seen,
      delivered: counts.delivered,
      filtered: counts.filtered,
      sampledOut: counts['sampled-out'],
      dropped: [...lost.values()].reduce((sum, count) => sum + count, 0),
      droppedByReason: Object.fromEntries(lost) as Partial<Record<Reason, number>>,
      spooled: counts.spooled,
      inFlight: counts.inFlight,
    }),
  };
}

function openAccount<Reason extends string>(
  total: number,
  enter: (count: number) => void,
  leave: (fate: Fate<Reason>, count: number) => void,
): Account<Reason> {
  const dropped = new Map<Reason, number>();
  let open = 0;
  let spooled = 0;
  const expect = (count: number): void => {
    if (count <= 0) return;
    open += count;
    enter(count);
  };
  const setFate = (fate: Fate<Reason>, wanted = 1): void => {
    const count = Math.min(wanted, open);
    if (count <= 0) return;
    open -= count;
    if (fate === 'spooled') spooled += count;
    if (typeof fate === 'object') dropped.set(fate.dropped, (dropped.get(fate.dropped) ?? 0) + count);
    leave(fate, count);
  };
  expect(total);
  return {
    setFate,
    expect,
    close: (reason) => setFate({ dropped: reason }, open),
    dropped: () => dropped,
    spooled: () => spooled,
    isClean: () => dropped.size === 0 && spooled === 0,
  };
}
