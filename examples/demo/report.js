const COLUMNS = {
  event: ({ event }) => event,
  model: ({ properties: p }) => p.$ai_model,
  'tokens in': ({ properties: p }) => p.$ai_input_tokens,
  out: ({ properties: p }) => p.$ai_output_tokens,
  latency: ({ properties: p }) => p.$ai_latency && `${p.$ai_latency.toFixed(3)} s`,
  'trace name': ({ properties: p }) => p.trace_name,
  user: ({ distinct_id }) => distinct_id,
  cost: ({ properties: p }) => p.$ai_total_cost_usd,
  note: ({ properties: p }) => (p.$ai_is_error ? 'error' : p.$ai_stop_reason),
};

/** The events as a table, one line each. Unknown values are a dash. */
export function table(events) {
  const rows = events.map((event) => Object.values(COLUMNS).map((cell) => String(cell(event) ?? '-')));
  const lines = [Object.keys(COLUMNS), ...rows];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const rule = widths.map((width) => '-'.repeat(width));
  return [lines[0], rule, ...rows]
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column])).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}
