// Measures contestants on workloads, one process each, interleaved. See docs/performance.md.
//   node bench/run.mjs [--workload a,b] [--only 'a;b'] [--rounds 3] [--passes n] [--peers] [--against ../other/dist] [--smoke]
//     [--write gzip|uncompressed]   writes the table of that name in docs/performance.md
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { CONTESTANTS } from './contestants.mjs';
import { message } from './message.mjs';
import { MARKDOWN_HEAD, markdownRows, printTable } from './print-table.mjs';
import { WORKLOADS } from './spans.mjs';
import { writeTable } from './write-table.mjs';

const { values: options } = parseArgs({
  options: {
    workload: { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string' },
    passes: { type: 'string' },
    peers: { type: 'boolean', default: false },
    against: { type: 'string' },
    smoke: { type: 'boolean', default: false },
    write: { type: 'string' },
  },
});
const here = (file) => new URL(file, import.meta.url);
if (!existsSync(here('../dist/index.js'))) throw new Error('Build the package first: npm run build');

const isSmoke = options.smoke;
/** Another build of this package, as `exporter, other build`. */
const other = options.against && pathToFileURL(resolve(options.against, 'index.js')).href;
const env = { ...process.env, ...(other ? { BENCH_OTHER_BUILD: other } : {}) };
const workloads =
  options.workload?.split(',') ?? (isSmoke ? ['small', 'own-processor'] : Object.keys(WORKLOADS));
const names =
  options.only?.split(';') ??
  Object.keys(CONTESTANTS).filter((name) =>
    isSmoke
      ? name === 'exporter' || name === 'floor'
      : (options.peers || !CONTESTANTS[name].isPeer) && (other || !CONTESTANTS[name].isOtherBuild),
  );
const rounds = Number(options.rounds ?? (isSmoke ? 1 : 3));
const size = isSmoke ? { spans: 64, passes: 1 } : options.passes ? { passes: Number(options.passes) } : {};

async function measure(contestant, workload, sink, url) {
  const task = JSON.stringify({ contestant, workload, url, ...size });
  const worker = fork(here('worker.mjs'), [task], { execArgv: ['--no-warnings'], env });
  await message(worker);
  sink.send('forget');
  worker.send('start');
  const figures = await message(worker);
  sink.send('report');
  const received = await message(sink);
  worker.send('stop');
  return { ...figures, ...received, lost: figures.aiSpans - received.arrived };
}

const sink = fork(here('sink.mjs'));
const { port } = await message(sink);
const machine = `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`;
console.log(machine);
const lines = [`${machine}; ${rounds} rounds.`, '', ...MARKDOWN_HEAD];
let lost = 0;
try {
  for (const workload of workloads) {
    const form = WORKLOADS[workload].form ?? 'gen-ai';
    const able = names.filter((name) => CONTESTANTS[name].forms?.includes(form) ?? true);
    const results = new Map(able.map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      // Forwards and backwards, so that a machine that slows down is not held against the last.
      for (const name of round % 2 === 0 ? able : [...able].reverse()) {
        const result = await measure(name, workload, sink, `http://127.0.0.1:${port}`);
        results.get(name).push(result);
        lost += result.lost;
      }
    }
    printTable(workload, results);
    lines.push(...markdownRows(workload, results));
  }
} finally {
  sink.kill();
}
if (options.write) writeTable(options.write, lines);
if (lost > 0) {
  console.error(`${lost} spans were lost or not whole.`);
  process.exitCode = 1;
}
