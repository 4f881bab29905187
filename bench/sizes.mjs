// Exports of different numbers of spans, and messages of different sizes: CPU time and the longest that the event loop was held.
//   node bench/sizes.mjs [--rounds 2] [--smoke] [--write]   the table "sizes" of docs/performance.md
import { fork } from 'node:child_process';
import { cpus } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { CONTESTANTS } from './contestants.mjs';
import { message } from './message.mjs';
import { median } from './print-table.mjs';
import { makeSpans, WORKLOADS } from './spans.mjs';
import { writeTable } from './write-table.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '2' },
    smoke: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const NS_PER_MS = 1e6;
const KB = 1024;
const MB = 1024 * KB;
const COUNTS = options.smoke ? [1, 10] : [1, 10, 100, 1_000, 10_000, 100_000];
const SIZES = options.smoke ? [KB, 16 * KB] : [KB, 16 * KB, 256 * KB, MB, 4 * MB, 7 * MB, 20 * MB];
/** Measured together, so that small exports are many. */
const MIN_SPANS = options.smoke ? 20 : 2_000;
const MIN_BYTES = options.smoke ? 64 * KB : 64 * MB;

const sink = fork(new URL('sink.mjs', import.meta.url));
const { port } = await message(sink);
const { export: send, shutdown } = await CONTESTANTS.exporter.create(`http://127.0.0.1:${port}`);
const typical = makeSpans(WORKLOADS.typical, Math.min(4_096, Math.max(...COUNTS))).spans;

let made = 0;
/** The same span under another id: one that comes twice is one call. */
function another(span) {
  made += 1;
  const context = { ...span.spanContext(), spanId: made.toString(16).padStart(16, '0') };
  return Object.create(span, { spanContext: { value: () => context } });
}

async function measure(exports) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const before = process.cpuUsage();
  for (const spans of exports) await send(spans);
  const { user, system } = process.cpuUsage(before);
  delay.disable();
  const spans = exports.reduce((sum, { length }) => sum + length, 0);
  sink.send('forget');
  return { cpuUs: (user + system) / spans, delayMs: delay.max / NS_PER_MS };
}

async function measureCount(count) {
  const exports = Array.from({ length: Math.max(1, Math.ceil(MIN_SPANS / count)) }, () =>
    Array.from({ length: count }, () => another(typical[made % typical.length])),
  );
  return measure(exports);
}

async function measureSize(bytes) {
  const workload = { spans: 1, inputCharacters: bytes, outputCharacters: 300, messages: 1 };
  const [span] = makeSpans(workload, 1).spans;
  const times = Math.max(3, Math.min(500, Math.round(MIN_BYTES / bytes)));
  return measure(Array.from({ length: times }, () => [another(span)]));
}

async function row(values, measured) {
  const results = [];
  for (const value of values) {
    const rounds = [];
    await measured(value);
    for (let round = 0; round < Number(options.rounds); round++) rounds.push(await measured(value));
    results.push({
      cpuUs: median(rounds.map(({ cpuUs }) => cpuUs)),
      delayMs: median(rounds.map(({ delayMs }) => delayMs)),
    });
  }
  return results;
}

const line = (title, cells) => `| ${[title, ...cells].join(' | ')} |`;
const rule = (columns) => `| --- |${' --: |'.repeat(columns)}`;
const size = (bytes) => (bytes < MB ? `${bytes / KB} KB` : `${bytes / MB} MB`);
const short = (number) => number.toFixed(number < 1 ? 2 : number < 10 ? 1 : 0);
const delays = (results) =>
  line(
    'longest delay ms',
    results.map(({ delayMs }) => short(delayMs)),
  );

try {
  const counts = await row(COUNTS, measureCount);
  const sizes = await row(SIZES, measureSize);
  const lines = [
    `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}; medians of ${options.rounds} rounds.`,
    '',
    line(
      'Spans in one export',
      COUNTS.map((count) => count.toLocaleString('en')),
    ),
    rule(COUNTS.length),
    line(
      'CPU µs a span',
      counts.map(({ cpuUs }) => Math.round(cpuUs)),
    ),
    delays(counts),
    '',
    line(
      'Message',
      SIZES.map((bytes) => size(bytes) + (bytes === 20 * MB ? ' (is cut)' : '')),
    ),
    rule(SIZES.length),
    line(
      'CPU ms a span',
      sizes.map(({ cpuUs }) => short(cpuUs / 1000)),
    ),
    delays(sizes),
  ];
  console.log(lines.join('\n'));
  if (options.write) writeTable('sizes', lines);
} finally {
  await shutdown();
  sink.kill();
}
