import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache.mjs';
import { has } from './processes.mjs';

const CLIENTS = fileURLToPath(new URL('../clients/', import.meta.url));

/**
 * A program with real exporters of one language and version. `prepare` installs or builds it once and gives the command to
 * start it; the task comes as its last argument.
 *
 * @typedef {{ name: string, missing(): string | undefined, prepare(): [string, ...string[]] }} Client
 */

/** JavaScript's majors: the packages of a major, and where its provider stands. */
const JAVASCRIPT = [
  {
    sdk: '1.30',
    packages: exporters('0.57.2', 'sdk-trace-base@1.30.1'),
    base: '@opentelemetry/sdk-trace-base',
  },
  {
    sdk: '2',
    packages: exporters('0.223.0', 'sdk-trace-base@^2.0.0'),
    base: '@opentelemetry/sdk-trace-base',
  },
  {
    sdk: '3',
    packages: exporters('^0.301.0', 'sdk-trace@^3.0.0'),
    base: '@opentelemetry/sdk-trace',
    node: '24',
  },
];

/** The newest, and one that gives up on other answers than the newest does. */
const PYTHON = ['1.45.2', '1.38.0'];

/** @type {readonly Client[]} */
export const ALL_CLIENTS = [
  ...JAVASCRIPT.map(({ sdk, packages, base, node }) => ({
    name: `javascript ${sdk}`,
    missing: () => undefined,
    prepare() {
      const folder = once(`javascript-${sdk}`, packages.join(' '), (work) => {
        writeFileSync(join(work, 'package.json'), '{ "private": true }');
        const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-save', '--loglevel=error'];
        run('npm', ['install', ...quiet, ...packages], work);
      });
      const program = join(CLIENTS, 'javascript/client.mjs');
      const given = JSON.stringify({ folder, sdk, base });
      return node && Number(process.versions.node.split('.')[0]) < 22
        ? ['npx', '-y', '-p', `node@${node}`, 'node', program, given]
        : [process.execPath, program, given];
    },
  })),
  ...PYTHON.map((version) => ({
    name: `python ${version}`,
    missing: missingForPython,
    prepare() {
      const folder = once('python', version, (work) => {
        run('python3', ['-m', 'venv', work], work);
        const names = [
          'opentelemetry-sdk',
          'opentelemetry-exporter-otlp-proto-http',
          'opentelemetry-exporter-otlp-proto-grpc',
        ];
        run(
          join(work, 'bin/pip'),
          ['install', '--quiet', ...names.map((name) => `${name}==${version}`)],
          work,
        );
      });
      return [join(folder, 'bin/python'), join(CLIENTS, 'python/client.py')];
    },
  })),
  {
    name: 'go',
    missing: () => (has('go', 'version') ? undefined : 'go'),
    prepare() {
      const folder = once('go', sourceOf('go'), (work) => {
        cpSync(join(CLIENTS, 'go'), work, { recursive: true });
        run('go', ['mod', 'tidy'], work);
        run('go', ['build', '-o', 'client', '.'], work);
      });
      return [join(folder, 'client')];
    },
  },
  {
    name: 'java',
    missing: () => (has('mvn', '-v') && has('javac', '-version') ? undefined : 'mvn and javac'),
    prepare() {
      const source = sourceOf('java');
      const [, version] = /<otel\.version>(.+)</.exec(source) ?? [];
      const folder = once('java', source, (work) => {
        cpSync(join(CLIENTS, 'java'), work, { recursive: true });
        run('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib'], work);
        run('javac', ['-cp', 'lib/*', '-d', '.', 'Client.java'], work);
      });
      return [
        'java',
        '-XX:TieredStopAtLevel=1',
        `-Dotel.version=${version}`,
        '-cp',
        `${folder}:${folder}/lib/*`,
        'Client',
      ];
    },
  },
];

/** What Python needs and this machine does not have. */
export function missingForPython() {
  return has('python3', '-m', 'venv', '--help') ? undefined : 'python3 with venv';
}

function exporters(version, base) {
  const ways = ['http', 'proto', 'grpc'].map((way) => `@opentelemetry/exporter-trace-otlp-${way}@${version}`);
  return ['@opentelemetry/api@^1.9.0', `@opentelemetry/${base}`, ...ways];
}

/** All that a client is made of, so that a change builds it anew. */
function sourceOf(name) {
  const folder = join(CLIENTS, name);
  return readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

/** A folder outside the repository that is filled once for what it is made from. */
export function once(name, madeFrom, fill) {
  const hash = createHash('sha256').update(madeFrom).digest('hex').slice(0, 12);
  const folder = cacheFolder(`${name}-${hash}`);
  const done = join(folder, '.done');
  if (existsSync(done)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  fill(folder);
  writeFileSync(done, '');
  return folder;
}

export function run(command, args, cwd) {
  execFileSync(command, args, { cwd, stdio: 'pipe' });
}
