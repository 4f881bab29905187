// `posthog-llm-exporter demo` in the folder of an application: its own client asks a stand-in model, and the events are shown.
import { applicationOf, NODES, ROWS } from './instrumentations.mjs';

const CLI = 'node_modules/posthog-llm-exporter/dist/cli/main.js';

/** Each client once. */
const CLIENTS = ROWS.filter((row, index) => ROWS.findIndex((other) => isSameClient(other, row)) === index);

export const cases = CLIENTS.flatMap((row) =>
  (row.on ?? NODES).map((version) => ({
    group: '`demo` with the client that is installed',
    row: `\`${row.client}\` ${row.major}`,
    column: version,
    async run(tools) {
      const cwd = await applicationOf(row, tools);
      const output = await tools.run([await tools.node(version), CLI, 'demo'], { cwd });
      const shown = [`${row.client} ${row.major}.`, ', as installed in ', 'out The Ridge rain jacket'];
      const missing = shown.filter((text) => !output.includes(text));
      if (missing.length > 0) throw new Error(`without ${missing.join(' and ')}\n${output}`);
    },
  })),
);

function isSameClient(a, b) {
  return a.client === b.client && a.major === b.major;
}
