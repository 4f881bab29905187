// What it costs an application to import and construct: this package beside others that do the same, each in fresh processes,
// in turns, of one run. Exit code 1 when this package takes more CPU time than `@posthog/ai/otel`, in either form. Needs the npm registry and
// `npm run build`; leaves nothing behind. `npm run bench:startup [-- --runs 15]`
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '15' } } });
const RUNS = Number(values.runs);
const root = fileURLToPath(new URL('..', import.meta.url));

const CANDIDATES = [
  {
    name: 'posthog-llm-exporter',
    make: (m) => `new ${m}.PostHogLLMSpanProcessor({ apiKey: 'phc_startup' })`,
  },
  {
    name: '@posthog/ai',
    entry: '@posthog/ai/otel',
    make: (m) => `new ${m}.PostHogSpanProcessor({ apiKey: 'phc_startup', projectToken: 'phc_startup' })`,
  },
  {
    name: '@langfuse/otel',
    make: (m) => `new ${m}.LangfuseSpanProcessor({ publicKey: 'pk', secretKey: 'sk' })`,
  },
];
const BESIDE = [
  '@opentelemetry/api@^1.9.0',
  '@opentelemetry/core@^2.0.0',
  '@opentelemetry/sdk-trace-base@^2.0.0',
  '@opentelemetry/exporter-trace-otlp-http@~0.223.0',
];
const FORMS = {
  import: { file: 'run.mjs', load: (entry) => `await import('${entry}')` },
  require: { file: 'run.cjs', load: (entry) => `require('${entry}')` },
};

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

  console.log(
    `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}; median of ${RUNS} processes each.\n`,
  );
  console.log(
    '| Import and constructor | Version | `import`: CPU ms | wall ms | `require`: CPU ms | wall ms |',
  );
  console.log('| --- | --- | --: | --: | --: | --: |');
  const rows = measureAll();
  const [[ownImportMs, , ownRequireMs], [importMs, , requireMs]] = rows;
  if (ownImportMs > importMs || ownRequireMs > requireMs) process.exitCode = 1;
  for (const [index, figures] of rows.entries()) {
    const { name, entry = name } = CANDIDATES[index];
    const { version } = JSON.parse(readFileSync(join(work, 'node_modules', name, 'package.json'), 'utf8'));
    console.log(`| \`${entry}\` | ${version} | ${figures.join(' | ')} |`);
  }
} finally {
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
  return samples.map((of) =>
    Object.keys(FORMS).flatMap((form) =>
      ['cpuMs', 'wallMs'].map((key) => median(of[form].map((s) => s[key]))),
    ),
  );
}

function measure({ name, entry = name, make }, form) {
  const { file, load } = FORMS[form];
  const code = `
const cpu = process.cpuUsage();
const start = performance.now();
const loaded = ${load(entry)};
globalThis.kept = ${make('loaded')};
const wallMs = performance.now() - start;
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(JSON.stringify({ wallMs, cpuMs: (user + system) / 1000 }));
process.exit(0);
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
