import type { RecentCall, RecentFate } from '../../observe/recent-calls.ts';
import type { Row } from './call-list.ts';
import { type Column, ColumnHeads } from './column-heads.tsx';
import { count, NOTHING, seconds, timeOfDay, usd } from './format.ts';

interface CallTableProps {
  readonly rows: readonly Row[];
  readonly chosen: string | undefined;
  readonly hasSeveralDestinations: boolean;
  /** Nothing is sent, so there is no fate to show. */
  readonly isDev: boolean;
  readonly onChoose: (key: string) => void;
}

/** Arrows move, Enter opens. One row at a time is in the order of Tab. */
export function CallTable({ rows, chosen, hasSeveralDestinations, isDev, onChoose }: CallTableProps) {
  const inTabOrder = rows.some(({ key }) => key === chosen) ? chosen : rows[0]?.key;
  const onKey = (event: KeyboardEvent, key: string): void => {
    const row = event.currentTarget as HTMLElement;
    const target = MOVES[event.key]?.(row);
    if (target !== undefined) {
      event.preventDefault();
      if (!(target instanceof HTMLElement)) return;
      target.focus();
      // With a call open, the arrows go from call to call.
      if (chosen !== undefined && target.dataset['key']) onChoose(target.dataset['key']);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onChoose(key);
    }
  };
  return (
    <table
      class={isDev ? 'calls-table no-fates' : 'calls-table'}
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows are chosen, which only a grid can say
      role="grid"
      aria-label="Calls, newest first"
    >
      <ColumnHeads columns={COLUMNS} />
      <tbody>
        {rows.map(({ key, calls }) => (
          <tr
            key={key}
            data-key={key}
            tabIndex={key === inTabOrder ? 0 : -1}
            aria-selected={key === chosen}
            onClick={() => onChoose(key)}
            onKeyDown={(event) => onKey(event, key)}
          >
            <CallCells calls={calls} hasSeveralDestinations={hasSeveralDestinations} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const COLUMNS: readonly Column[] = [
  { label: 'Time', class: 'time' },
  { label: 'Call' },
  { label: 'Model', class: 'model' },
  { label: 'Tokens', class: 'number tokens', title: 'Input and output tokens' },
  { label: 'Cost', class: 'number cost', title: 'Where a span says it; PostHog prices the others' },
  { label: 'Latency', class: 'number latency' },
  { label: 'Fate', class: 'fates' },
];

type CallCellsProps = Pick<Row, 'calls'> & Pick<CallTableProps, 'hasSeveralDestinations'>;

function CallCells({ calls, hasSeveralDestinations }: CallCellsProps) {
  const [call] = calls;
  return (
    <>
      <td class="time">{timeOfDay(call.at)}</td>
      <td class="call">
        <div class="name">
          <span class="text" title={call.name}>
            {call.name || call.event}
          </span>
          {call.isError && <span class="tag error">failed</span>}
        </div>
        <div class="origin">
          <KindTag event={call.event} /> {originOf(call)}
        </div>
      </td>
      <td class="model">
        <span title={call.model}>{call.model || NOTHING}</span>
      </td>
      <td class="number tokens">{tokensOf(call)}</td>
      <td class="number cost">{usd(call.costUsd)}</td>
      <td class="number latency">{seconds(call.latencySeconds)}</td>
      <td class="fates">
        {calls.map(({ destination, fate }) => (
          <Fate
            key={destination}
            fate={fate}
            destination={hasSeveralDestinations ? destination : undefined}
          />
        ))}
      </td>
    </>
  );
}

/** Where each key goes to from a row; `null` at the end of the list. */
const MOVES: Readonly<Record<string, (row: HTMLElement) => Element | null>> = {
  ArrowDown: (row) => row.nextElementSibling,
  ArrowUp: (row) => row.previousElementSibling,
  Home: (row) => row.parentElement?.firstElementChild ?? null,
  End: (row) => row.parentElement?.lastElementChild ?? null,
};

const KINDS: Readonly<Record<string, string>> = {
  $ai_generation: 'generation',
  $ai_embedding: 'embedding',
  $ai_span: 'span',
  $ai_trace: 'trace',
};

export function KindTag({ event }: { readonly event: string }) {
  const kind = KINDS[event] ?? event;
  return <span class={`tag kind ${kind}`}>{kind}</span>;
}

export function Fate({
  fate,
  destination,
}: {
  readonly fate: RecentFate;
  readonly destination: string | undefined;
}) {
  return (
    <span class={`pill fate ${fate.replaceAll(' ', '-')}`} title={destination && `${destination}: ${fate}`}>
      {destination ?? fate}
    </span>
  );
}

function originOf({ service, sender, provider }: RecentCall): string {
  return [service, sender, provider].filter(Boolean).join(' · ');
}

function tokensOf({ inputTokens, outputTokens }: RecentCall): string {
  if (inputTokens === undefined && outputTokens === undefined) return NOTHING;
  return `${count(inputTokens)} → ${count(outputTokens)}`;
}
