/**
 * One Markdown table for each group: a row for each `row`, a column for each `column` of its cases.
 * @param {{ group: string, row: string, column: string, note?: string, error?: Error }[]} results `note`: what stands in place of a yes
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

/**
 * Results of one run beside what other runs have written into a page.
 * @param {{ group: string, row: string, column: string }[]} cases in the order of the tables; a row that is none of them any more goes
 * @param {string} text the tables that stand in the page
 */
export function joinWithTables(cases, results, text) {
  const cells = readCells(text);
  const ran = new Map(results.map((result) => [keyOf(result), result]));
  return cases.map((one) => ran.get(keyOf(one)) ?? { ...one, note: cells.get(keyOf(one)) ?? 'not run' });
}

/** The cells of tables that {@link renderTables} wrote. */
function readCells(text) {
  const cells = new Map();
  for (const table of text.trim().split('\n\n')) {
    const [[group, ...columns] = [], , ...lines] = table
      .split('\n')
      .map((line) => line.slice(2, -2).split(' | '));
    for (const [row, ...values] of lines) {
      for (const [index, cell] of values.entries())
        cells.set(keyOf({ group, row, column: columns[index] }), cell);
    }
  }
  return cells;
}

function keyOf({ group, row, column }) {
  return `${group}\n${row}\n${column}`;
}

function cellOf(result) {
  if (!result) return '–';
  return result.error ? '**fails**' : (result.note ?? 'yes');
}

function unique(values) {
  return [...new Set(values)];
}
