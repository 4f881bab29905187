/**
 * One Markdown table for each group: a row for each `row`, a column for each `column` of its cases.
 * @param {{ group: string, row: string, column: string, note?: string, error?: Error }[]} results
 */
export function renderTables(results) {
  return unique(results.map(({ group }) => group))
    .map((group) =>
      renderTable(
        group,
        results.filter((result) => result.group === group),
      ),
    )
    .join('\n');
}

function renderTable(group, results) {
  const columns = unique(results.map(({ column }) => column));
  const lines = unique(results.map(({ row }) => row)).map((row) => {
    const cells = columns.map((column) =>
      cellOf(results.find((one) => one.row === row && one.column === column)),
    );
    return [row, ...cells];
  });
  const head = [group, ...columns];
  const rule = head.map((_, index) => (index === 0 ? '---' : ':-:'));
  return `${[head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function cellOf(result) {
  if (!result) return '–';
  return result.error ? '**fails**' : (result.note ?? 'yes');
}

function unique(values) {
  return [...new Set(values)];
}
