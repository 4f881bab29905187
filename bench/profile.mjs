// Where the main thread's time goes: a sampling profile of whole exports with gzip, for each workload its five largest parts.
// Of the source itself, whose files tell the parts; needs a Node that runs TypeScript (22.18, 24).
//   node bench/profile.mjs [--workload a,b] [--passes 2] [--functions] [--write]   the table "profile" of docs/performance.md
import { fork } from 'node:child_process';
import { Session } from 'node:inspector/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { message } from './message.mjs';
import { writeTable } from './write-table.mjs';

const { values: options } = parseArgs({
  options: {
    workload: {
      type: 'string',
      default:
        'typical,messages-100,aisdk,openinference,openinference-60,traceloop,traceloop-json,langfuse,loop,loop-aisdk',
    },
    passes: { type: 'string', default: '2' },
    functions: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    task: { type: 'string' },
  },
});
const BATCH = 512;
const SOURCE = new URL('../src/', import.meta.url).href;

/** Part of the work by the source file that a function stands in; the first that fits. */
const PARTS = [
  ['`JSON.stringify`', /json\/(raw-json|plain-text|cached-json|recorded-\w+)|limits\//],
  ['`JSON.parse`', /messages\/recorded-json|json\/parse-in-steps/],
  ['UTF-8', /json\/memory\/(encode-pieces|page|write-pieces)|^node:(internal\/)?buffer/],
  ['messages', /json\/(literal-scanner|read-lazy|source-units|memory)|translate\/messages/],
  ['privacy', /translate\/(privacy|media)/],
  ['event', /translate\/event|^node:internal\/crypto/],
  ['reading', /translate\//],
  ['delivery', /./],
];

if (options.task) await profileOne(JSON.parse(options.task));
else await profileAll();

async function profileAll() {
  const sink = fork(new URL('sink.mjs', import.meta.url));
  const { port } = await message(sink);
  const lines = [
    `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}.`,
    '',
    '| Workload | Largest | | | | |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  try {
    for (const workload of options.workload.split(',')) {
      const task = JSON.stringify({ workload, url: `http://127.0.0.1:${port}` });
      const args = ['--task', task, '--passes', options.passes];
      const worker = fork(fileURLToPath(import.meta.url), args, { execArgv: ['--no-warnings'] });
      const { parts, functions } = await message(worker);
      sink.send('forget');
      lines.push(`| \`${workload}\` | ${parts.slice(0, 5).map(shown).join(' | ')} |`);
      console.log(lines.at(-1));
      if (options.functions) console.log(functions.slice(0, 25).map(shown).join('\n'));
    }
  } finally {
    sink.kill();
  }
  if (options.write) writeTable('profile', lines);
}

function shown([name, share]) {
  return `${name} ${Math.round(share * 100)}`;
}

async function profileOne({ workload, url }) {
  process.env.BENCH_OTHER_BUILD = `${SOURCE}index.ts`;
  const { CONTESTANTS } = await import('./contestants.mjs');
  const { makeSpans, WORKLOADS } = await import('./spans.mjs');
  const { spans } = makeSpans(WORKLOADS[workload]);
  const { export: send, shutdown } = await CONTESTANTS['exporter, other build'].create(url);
  const run = async () => {
    for (let from = 0; from < spans.length; from += BATCH) await send(spans.slice(from, from + BATCH));
  };
  await run();
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  for (let pass = 0; pass < Number(options.passes); pass++) await run();
  const { profile } = await session.post('Profiler.stop');
  await shutdown();
  const shares = sharesOf(profile);
  process.send(shares, () => process.exit());
}

function sharesOf({ nodes, samples, timeDeltas }) {
  const selfUs = new Map();
  for (const [index, id] of samples.entries()) selfUs.set(id, (selfUs.get(id) ?? 0) + timeDeltas[index]);
  const parts = new Map();
  const functions = new Map();
  let busyUs = 0;
  const walk = (id, around) => {
    const { callFrame, children = [] } = byId.get(id);
    // What has no file is the engine's own, and counts for who called it.
    const file = sourceOf(callFrame) ?? around;
    const isIdle = callFrame.functionName === '(idle)' || /inspector/.test(file);
    const us = isIdle ? 0 : (selfUs.get(id) ?? 0);
    busyUs += us;
    const part =
      callFrame.functionName === '(garbage collector)'
        ? 'garbage collection'
        : PARTS.find(([, files]) => files.test(file))[0];
    add(parts, part, us);
    add(functions, `${callFrame.functionName || '(anonymous)'} (${file})`, us);
    for (const child of children) walk(child, file);
  };
  const byId = new Map(nodes.map((node) => [node.id, node]));
  walk(nodes[0].id, 'node');
  const sorted = (of) => [...of].map(([name, us]) => [name, us / busyUs]).sort((a, b) => b[1] - a[1]);
  return { parts: sorted(parts), functions: sorted(functions) };
}

function add(sums, name, us) {
  sums.set(name, (sums.get(name) ?? 0) + us);
}

/** A file of the source by its path in it, any other by its URL; `undefined` for what is the engine's own. */
function sourceOf({ url }) {
  if (url === '') return undefined;
  return url.startsWith(SOURCE) ? url.slice(SOURCE.length) : url;
}
