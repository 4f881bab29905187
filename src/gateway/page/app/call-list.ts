import type { RecentCall, RecentFate } from '../../observe/recent-calls.ts';

/** One span of one trace: what became of it at each destination. */
export interface Row {
  /** The same for the events of one span at all destinations. */
  readonly key: string;
  /** Of one destination each. They differ in what each destination is sent, not in what happened. */
  readonly calls: readonly [RecentCall, ...RecentCall[]];
}

/** The list of the page. */
export interface CallList {
  /** Newest first. */
  readonly rows: readonly Row[];
  /** While paused, what came since; shown when the list goes on. */
  readonly waiting: readonly RecentCall[];
  readonly isPaused: boolean;
  /** Ids of events that were cleared away; the gateway still has them. */
  readonly cleared: ReadonlySet<string>;
}

export type ListChange =
  | { readonly type: 'list'; readonly calls: readonly RecentCall[] }
  | { readonly type: 'calls'; readonly calls: readonly RecentCall[] }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'clear' };

/** As many as the gateway holds, see `RECENT_LIMITS`. */
export const MAX_ROWS = 500;

export const EMPTY_LIST: CallList = { rows: [], waiting: [], isPaused: false, cleared: new Set() };

export function changeList(list: CallList, change: ListChange): CallList {
  switch (change.type) {
    case 'list': {
      const calls = change.calls.filter(({ id }) => !list.cleared.has(id));
      if (list.isPaused) return { ...list, waiting: calls.toReversed() };
      return { ...list, rows: withCalls([], calls.toReversed()) };
    }
    case 'calls': {
      const calls = change.calls.filter(({ id }) => !list.cleared.has(id));
      if (!list.isPaused) return { ...list, rows: withCalls(list.rows, calls) };
      return { ...list, waiting: [...list.waiting, ...calls].slice(-2 * MAX_ROWS) };
    }
    case 'pause':
      return { ...list, isPaused: true };
    case 'resume':
      return { ...list, isPaused: false, waiting: [], rows: withCalls(list.rows, list.waiting) };
    case 'clear': {
      const gone = [...list.rows.flatMap(({ calls }) => calls), ...list.waiting];
      const cleared = [...list.cleared, ...gone.map(({ id }) => id)].slice(-2 * MAX_ROWS);
      return { ...list, rows: [], waiting: [], cleared: new Set(cleared) };
    }
  }
}

/** Takes in events, oldest first: a new row on top, a new fate where the row is. */
function withCalls(rows: readonly Row[], calls: readonly RecentCall[]): readonly Row[] {
  const byKey = new Map(rows.toReversed().map((row) => [row.key, row]));
  for (const call of calls) {
    const key = keyOf(call);
    const row = byKey.get(key);
    byKey.set(key, { key, calls: row ? withCall(row.calls, call) : [call] });
  }
  return [...byKey.values()].reverse().slice(0, MAX_ROWS);
}

function withCall(calls: Row['calls'], call: RecentCall): Row['calls'] {
  const others = calls.filter(({ destination }) => destination !== call.destination);
  const [first, ...rest] = [...others, call].sort((a, b) => a.destination.localeCompare(b.destination));
  return [first ?? call, ...rest];
}

export function keyOf({ traceId, spanId, event, id }: RecentCall): string {
  return spanId === '' ? id : `${traceId}/${spanId}/${event}`;
}

/** Which rows are shown; an empty text shows all. */
export interface Filter {
  /** Words, all of which must occur. */
  readonly text: string;
  readonly model: string;
  readonly status: '' | 'error' | RecentFate;
  readonly destination: string;
  readonly kind: '' | 'calls';
}

export const NO_FILTER: Filter = { text: '', model: '', status: '', destination: '', kind: '' };

/** Events that stand for a call of a model; the others are steps around them. */
const CALL_EVENTS: ReadonlySet<string> = new Set(['$ai_generation', '$ai_embedding']);

export function isModelCall({ event }: RecentCall): boolean {
  return CALL_EVENTS.has(event);
}

export function filterRows(rows: readonly Row[], filter: Filter): readonly Row[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(({ calls }) => {
    const [call] = calls;
    if (filter.kind === 'calls' && !isModelCall(call)) return false;
    if (filter.model !== '' && call.model !== filter.model) return false;
    if (filter.destination !== '' && !calls.some(({ destination }) => destination === filter.destination)) {
      return false;
    }
    if (!hasStatus(calls, filter.status)) return false;
    const text = searchedText(call);
    return words.every((word) => text.includes(word));
  });
}

function hasStatus(calls: Row['calls'], status: Filter['status']): boolean {
  if (status === '') return true;
  return calls.some((call) => (status === 'error' ? call.isError : call.fate === status));
}

function searchedText({
  name,
  model,
  provider,
  service,
  sender,
  event,
  traceId,
  spanId,
}: RecentCall): string {
  return [name, model, provider, service, sender, event, traceId, spanId].join('\n').toLowerCase();
}

/** What can be chosen in the filter, from what there is. */
export function choicesOf(rows: readonly Row[]): {
  readonly models: readonly string[];
  readonly destinations: readonly string[];
} {
  const distinct = (values: readonly string[]) => [...new Set(values)].filter(Boolean).sort();
  return {
    models: distinct(rows.map(({ calls: [call] }) => call.model)),
    destinations: distinct(rows.flatMap(({ calls }) => calls.map(({ destination }) => destination))),
  };
}
