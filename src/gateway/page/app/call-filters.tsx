import type { CallList, Filter, ListChange } from './call-list.ts';

interface CallFiltersProps {
  readonly filter: Filter;
  readonly choices: { readonly models: readonly string[]; readonly destinations: readonly string[] };
  readonly list: CallList;
  /** Rows that the filter leaves. */
  readonly shown: number;
  readonly onFilter: (filter: Filter) => void;
  readonly onChange: (change: ListChange) => void;
}

const STATUSES: readonly { readonly value: Filter['status']; readonly label: string }[] = [
  { value: '', label: 'Any status' },
  { value: 'error', label: 'Failed calls' },
  { value: 'on its way', label: 'On its way' },
  { value: 'taken', label: 'Taken by PostHog' },
  { value: 'on disk', label: 'On disk' },
  { value: 'lost', label: 'Lost' },
  { value: 'not sent', label: 'Not sent' },
];

export function CallFilters({ filter, choices, list, shown, onFilter, onChange }: CallFiltersProps) {
  const set = (change: Partial<Filter>): void => onFilter({ ...filter, ...change });
  return (
    <div class="toolbar" role="toolbar" aria-label="Filter">
      <input
        id="search"
        type="search"
        placeholder="Search name, model, service, id   ( / )"
        aria-label="Search"
        value={filter.text}
        onInput={({ currentTarget }) => set({ text: currentTarget.value })}
      />
      <Select
        label="Kind"
        value={filter.kind}
        options={[
          { value: '', label: 'All events' },
          { value: 'calls', label: 'Model calls' },
        ]}
        onSelect={(kind) => set({ kind })}
      />
      <Select
        label="Model"
        value={filter.model}
        options={[{ value: '', label: 'Any model' }, ...choices.models.map(asOption)]}
        onSelect={(model) => set({ model })}
      />
      <Select
        label="Status"
        value={filter.status}
        options={STATUSES}
        onSelect={(status) => set({ status })}
      />
      {choices.destinations.length > 1 && (
        <Select
          label="Destination"
          value={filter.destination}
          options={[{ value: '', label: 'Any destination' }, ...choices.destinations.map(asOption)]}
          onSelect={(destination) => set({ destination })}
        />
      )}
      <span class="count" aria-live="polite">
        {shown === list.rows.length ? shown : `${shown} of ${list.rows.length}`}
      </span>
      <button
        type="button"
        aria-pressed={list.isPaused}
        onClick={() => onChange({ type: list.isPaused ? 'resume' : 'pause' })}
      >
        {list.isPaused ? `Resume${list.waiting.length > 0 ? ` (${list.waiting.length})` : ''}` : 'Pause'}
      </button>
      <button type="button" disabled={list.rows.length === 0} onClick={() => onChange({ type: 'clear' })}>
        Clear
      </button>
    </div>
  );
}

interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

function asOption(value: string): Option<string> {
  return { value, label: value };
}

interface SelectProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly Option<Value>[];
  readonly onSelect: (value: Value) => void;
}

function Select<Value extends string>({ label, value, options, onSelect }: SelectProps<Value>) {
  return (
    <select
      aria-label={label}
      class={value === '' ? undefined : 'active'}
      value={value}
      onChange={({ currentTarget }) => {
        const option = options.find((one) => one.value === currentTarget.value);
        if (option) onSelect(option.value);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
