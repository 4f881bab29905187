// Runs the suites of test/sdk-matrix, each in a project of its own into which the packed package and what the suite is about
// are installed: every major of the OpenTelemetry SDK, other vendors' processors, a bundler. Needs the npm registry and
// `npm run build`. node scripts/sdk-matrix.mjs [sdk-1 sdk-2 sdk-3 neighbours vercel-otel-1 ... nextjs bundled vercel-ai-4 ...]
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BASE = '@opentelemetry/sdk-trace-base';
const API = '@opentelemetry/api@~1.9.0';
const ESBUILD = 'esbuild@^0.28.0';
const CASES = {
  'sdk-1': { suite: 'suite.mjs', sdk: BASE, packages: [`${BASE}@1.30.1`, API] },
  'sdk-2': { suite: 'suite.mjs', sdk: BASE, packages: [`${BASE}@^2.0.0`, API] },
  'sdk-3': {
    suite: 'suite.mjs',
    sdk: '@opentelemetry/sdk-trace',
    packages: ['@opentelemetry/sdk-trace@^3.0.0', '@opentelemetry/api@~1.10.0'],
    node: [22, 15],
  },
  neighbours: {
    suite: 'neighbours.mjs',
    // Sentry's later majors bring a provider of their own instead of a processor.
    packages: [
      ...['@sentry/opentelemetry@^9.0.0', '@sentry/core@^9.0.0', '@langfuse/otel@^5.11.1'],
      ...['@opentelemetry/exporter-trace-otlp-http@~0.223.0', '@opentelemetry/sdk-trace-node@^2.0.0'],
      ...[`${BASE}@^2.0.0`, API],
    ],
    // Their peer ranges do not all meet, as in many applications.
    flags: ['--legacy-peer-deps'],
  },
  'vercel-otel-1': {
    suite: 'vercel-otel.mjs',
    packages: ['@vercel/otel@^1.9.0', ...vercelPeers('^1.30.0', '~0.57.0')],
  },
  'vercel-otel-2': {
    suite: 'vercel-otel.mjs',
    packages: ['@vercel/otel@^2.1.0', ...vercelPeers('^2.0.0', '~0.223.0')],
  },
  nextjs: {
    suite: 'nextjs.mjs',
    packages: [
      'next@^16.0.0',
      'react@^19.0.0',
      'react-dom@^19.0.0',
      '@vercel/otel@^2.1.0',
      ...vercelPeers('^2.0.0', '~0.223.0'),
    ],
  },
  bundled: { suite: 'bundled.mjs', packages: [ESBUILD, `${BASE}@^2.0.0`, API] },
  'vercel-ai-4': vercelAi('ai@^4.3.0', '@ai-sdk/openai@^1.3.0', 'zod@^3.25.0'),
  'vercel-ai-5': vercelAi('ai@^5.0.0', '@ai-sdk/openai@^2.0.0', 'zod@^4.1.8'),
  'vercel-ai-6': vercelAi('ai@^6.0.0', '@ai-sdk/openai@^3.0.0', 'zod@^4.1.8'),
  'vercel-ai-7': {
    ...vercelAi('ai@^7.0.0', '@ai-sdk/openai@^4.0.0', '@ai-sdk/otel@^1.0.0', 'zod@^4.1.8'),
    node: [22, 0],
  },
};

/** A project of @vercel/otel: OpenTelemetry's stable packages of one version, its experimental ones of another. */
function vercelPeers(stable, experimental) {
  return [
    ...['sdk-trace-base', 'resources', 'sdk-metrics'].map((name) => `@opentelemetry/${name}@${stable}`),
    ...['api-logs', 'sdk-logs', 'instrumentation'].map((name) => `@opentelemetry/${name}@${experimental}`),
    ...[API, ESBUILD],
  ];
}

function vercelAi(...packages) {
  return { suite: 'vercel-ai.mjs', packages: [...packages, '@opentelemetry/sdk-trace-node@^2.0.0', API] };
}

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'sdk-matrix-'));
const npm = (args, cwd) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(CASES);

try {
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', work];
  const [{ filename }] = JSON.parse(npm(pack, root));
  for (const name of names) if (!run(name, join(work, filename))) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

function run(name, archive) {
  const { suite, sdk, packages, flags = [], node = [0, 0] } = CASES[name];
  if (!supports(node)) {
    console.log(`${name}: SKIPPED, it needs Node ${node.join('.')} and this is ${process.version}`);
    return true;
  }
  const project = join(work, name);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts'];
  npm(['install', ...quiet, ...flags, archive, ...packages], project);
  for (const file of [suite, 'listen.mjs'])
    copyFileSync(join(root, 'test/sdk-matrix', file), join(project, file));
  const env = { ...process.env, ...(sdk ? { SDK: sdk } : {}) };
  const { status, stdout } = spawnSync(process.execPath, [suite], { cwd: project, env, encoding: 'utf8' });
  console.log(`${name}, Node ${process.version}: ${status === 0 ? 'ok' : `FAILED\n${stdout}`}`);
  return status === 0;
}

function supports([major, minor]) {
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
