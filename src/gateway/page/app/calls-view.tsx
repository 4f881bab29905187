import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { About } from '../api-answers.ts';
import type { Api } from './api.ts';
import { CallDetail, CloseButton, NotHeld } from './call-detail.tsx';
import { CallFilters } from './call-filters.tsx';
import { choicesOf, filterRows, NO_FILTER } from './call-list.ts';
import { CallTable } from './call-table.tsx';
import { EmptyState } from './empty-state.tsx';
import type { Calls } from './use-calls.ts';

interface CallsViewProps {
  readonly api: Api;
  readonly calls: Calls;
  readonly about: About | undefined;
  /** Key of the row that is open. */
  readonly chosen: string | undefined;
  readonly onChoose: (key: string | undefined) => void;
}

/** The list, and beside it the call that is chosen. */
export function CallsView({ api, calls: { list, state, change }, about, chosen, onChoose }: CallsViewProps) {
  const [filter, setFilter] = useState(NO_FILTER);
  const table = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => filterRows(list.rows, filter), [list.rows, filter]);
  const choices = useMemo(() => choicesOf(list.rows), [list.rows]);
  const row = list.rows.find(({ key }) => key === chosen);
  const close = (): void => {
    onChoose(undefined);
    focusRow(table.current, chosen);
  };
  const isGone = chosen !== undefined && row === undefined && state === 'live';
  useShortcuts(close);

  return (
    <div class={row || isGone ? 'calls with-detail' : 'calls'}>
      <section class="list" aria-label="Calls">
        <CallFilters
          filter={filter}
          choices={choices}
          list={list}
          shown={rows.length}
          onFilter={setFilter}
          onChange={change}
        />
        {list.rows.length === 0 ? (
          <EmptyState about={about} isLive={state !== 'connecting'} isCleared={list.cleared.size > 0} />
        ) : (
          <div class="table-frame" ref={table}>
            <CallTable
              rows={rows}
              chosen={chosen}
              hasSeveralDestinations={choices.destinations.length > 1}
              isDev={about?.isDev ?? false}
              onChoose={onChoose}
            />
            {rows.length === 0 && (
              <p class="nothing">No call is like this. Change the filter to see the others.</p>
            )}
          </div>
        )}
      </section>
      {row && (
        <CallDetail
          key={row.key}
          api={api}
          row={row}
          rows={list.rows}
          content={about?.content ?? false}
          onChoose={onChoose}
          onClose={close}
        />
      )}
      {isGone && <GoneCall onClose={close} />}
    </div>
  );
}

/** A link names a call that is not in the list. */
function GoneCall({ onClose }: { readonly onClose: () => void }) {
  return (
    <section class="detail" aria-label="Call">
      <header>
        <div class="title">
          <h2>A call that is gone</h2>
          <CloseButton onClose={onClose} />
        </div>
        <NotHeld />
      </header>
    </section>
  );
}

function focusRow(table: HTMLElement | null, key: string | undefined): void {
  const rows = table?.querySelectorAll<HTMLElement>('tbody tr') ?? [];
  [...rows].find((row) => row.dataset['key'] === key)?.focus();
}

/** `/` goes to the search, Escape closes the call. */
function useShortcuts(close: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
      if (event.key === '/' && !isTyping) {
        event.preventDefault();
        document.getElementById('search')?.focus();
      } else if (event.key === 'Escape') {
        if (isTyping) (event.target as HTMLElement).blur();
        else close();
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}
