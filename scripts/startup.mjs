// What it costs an application to import, to construct and to send its first span: this package beside others that do the same,
// each in fresh processes, in turns, of one run. Exit code 1 when this package takes more CPU time than `@posthog/ai/otel` to import
// and construct, in either form. Needs the npm registry and `npm run build`; leaves nothing behind.
// `npm run bench:startup [-- --runs 15] [--write]`
import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { message } from '../bench/message.mjs';
import { writeTable } from '../bench/write-table.mjs';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '15' }, write: { type: 'boolean', default: false } },
});
const RUNS = Number(values.runs);
const root = fileURLToPath(new URL('..', import.meta.url));

const CANDIDATES = [
  {
    name: 'posthog-llm-exporter',
    make: (m, url) => `new ${m}.PostHogLLMSpanProcessor({ apiKey: 'phc_startup', endpoint: '${url}' })`,
  },
  {
    name: '@posthog/ai',
    entry: '@posthog/ai/otel',
    make: (m, url) => `new ${m}.PostHogSpanProcessor({ projectToken: 'phc_startup', host: '${url}' })`,
  },
  {
    name: '@langfuse/otel',
    make: (m, url) =>
      `new ${m}.LangfuseSpanProcessor({ publicKey: 'pk', secretKey: 'sk', baseUrl: '${url}' })`,
  },
];
const BESIDE = [
  '@opentelemetry/api@^1.9.0',
  '@opentelemetry/core@^2.0.0',
  '@opentelemetry/sdk-trace-base@^2.0.0',
  '@opentelemetry/exporter-trace-otlp-http@~0.223.0',
];
/** A call of a model, as short as one can be. */
const ATTRIBUTES = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-5-mini',
  'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'Hello' }] }]),
};
const FORMS = {
  import: { file: 'run.mjs', load: (entry) => `await import('${entry}')` },
  require: { file: 'run.cjs', load: (entry) => `require('${entry}')` },
};

const sink = fork(new URL('../bench/sink.mjs', import.meta.url));
const url = `http://127.0.0.1:${(await message(sink)).port}`;
const work = mkdtempSync(join(tmpdir(), 'startup-'));
const npm = (args, cwd) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
try {
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', work];
  const [{ filename }] = JSON.parse(npm(pack, root));
  writeFileSync(join(work, 'package.json'), '{ "private": true }\n');
  const others = CANDIDATES.slice(1).map(({ name }) => `${name}@latest`);
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps'];
  npm(['install', ...flags, join(work, filename), ...others, ...BESIDE], work);

  const titles = [
    ...['Import and constructor', 'Version', '`import`: CPU ms', 'wall ms', '`require`: CPU ms', 'wall ms'],
    ...['first export: CPU ms', 'wall ms', 'JavaScript imported, kB', 'after the export'],
  ];
  const lines = [
    `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}; median of ${RUNS} processes each.`,
    '',
    `| ${titles.join(' | ')} |`,
    `| --- | --- |${' --: |'.repeat(titles.length - 2)}`,
  ];
  const rows = measureAll();
  const [[ownImportMs, , ownRequireMs], [importMs, , requireMs]] = rows;
  if (ownImportMs > importMs || ownRequireMs > requireMs) process.exitCode = 1;
  for (const [index, figures] of rows.entries()) {
    const { name, entry = name } = CANDIDATES[index];
    const { version } = JSON.parse(readFileSync(join(work, 'node_modules', name, 'package.json'), 'utf8'));
    const loaded = loadedKilobytes(CANDIDATES[index]);
    lines.push(`| \`${entry}\` | ${version} | ${[...figures, ...loaded].join(' | ')} |`);
  }
  console.log(lines.join('\n'));
  if (values.write) writeTable('start-up', lines);
} finally {
  sink.kill();
  rmSync(work, { recursive: true, force: true });
}

/** In turns, so that what else the machine does is shared fairly. */
function measureAll() {
  const samples = CANDIDATES.map(() => ({ import: [], require: [] }));
  for (let run = 0; run < RUNS; run += 1) {
    for (const [index, candidate] of CANDIDATES.entries()) {
      for (const form of Object.keys(FORMS)) samples[index][form].push(measure(candidate, form));
    }
  }
  const medians = (of, keys) => keys.map((key) => median(of.map((sample) => sample[key])));
  return samples.map((of) => [
    ...medians(of.import, ['cpuMs', 'wallMs']),
    ...medians(of.require, ['cpuMs', 'wallMs']),
    ...medians(of.import, ['exportCpuMs', 'exportWallMs']),
  ]);
}

function measure(candidate, form) {
  return run(
    candidate,
    form,
    `
let cpu = process.cpuUsage();
let start = performance.now();
const taken = () => {
  const { user, system } = process.cpuUsage(cpu);
  const figures = [(user + system) / 1000, performance.now() - start];
  cpu = process.cpuUsage();
  start = performance.now();
  return figures;
};
`,
  );
}

/** Kilobytes of JavaScript that the engine was given, that of dependencies and of the SDK included. */
function loadedKilobytes(candidate) {
  const watch = `
const session = new (require('node:inspector').Session)();
let bytes = 0;
session.on('Debugger.scriptParsed', ({ params: { url, length } }) => {
  if (url.startsWith('file:') || url.startsWith('/')) bytes += length;
});
session.connect();
session.post('Debugger.enable');
const own = bytes;
const taken = () => [(bytes - own) / 1000, 0];
`;
  const { cpuMs, exportCpuMs } = run(candidate, 'require', watch);
  return [Math.round(cpuMs), Math.round(exportCpuMs)];
}

/** @param watch code that defines `taken`, which gives two figures */
function run({ name, entry = name, make }, form, watch) {
  const { file, load } = FORMS[form];
  // The SDK is the application's: that it is loaded counts where the package itself loads it.
  const code = `
${watch}
const loaded = ${load(entry)};
const processor = ${make('loaded', url)};
const [cpuMs, wallMs] = taken();
(async () => {
  const { BasicTracerProvider } = ${load('@opentelemetry/sdk-trace-base')};
  const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('startup');
  taken();
  tracer.startSpan('chat', { attributes: ${JSON.stringify(ATTRIBUTES)} }).end();
  await processor.forceFlush();
  const [exportCpuMs, exportWallMs] = taken();
  process.stdout.write(JSON.stringify({ cpuMs, wallMs, exportCpuMs, exportWallMs }), () => process.exit(0));
})();
`;
  writeFileSync(join(work, file), code);
  return JSON.parse(
    execFileSync(process.execPath, [file], {
      cwd: work,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length / 2)]);
}
