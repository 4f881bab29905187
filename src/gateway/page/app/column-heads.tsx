/** The head of one column. */
export interface Column {
  readonly label: string;
  readonly class?: string;
  /** Said when the pointer rests on it. */
  readonly title?: string;
}

export function ColumnHeads({ columns }: { readonly columns: readonly Column[] }) {
  return (
    <thead>
      <tr>
        {columns.map(({ label, class: name, title }) => (
          <th key={label} scope="col" class={name} title={title}>
            {label}
          </th>
        ))}
      </tr>
    </thead>
  );
}
