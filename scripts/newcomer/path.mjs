import { chmodSync, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { startOpenAI } from '../../examples/demo/stand-ins/openai.js';
import { startAnthropic } from '../../examples/shared/stand-in-anthropic.js';
import { startPostHog } from '../../test/sdk-matrix/listen.mjs';
import { NODE } from '../matrix/versions.mjs';

/** How each package manager says what the pages say for npm. */
const WORDS = {
  npm: (line) => line,
  pnpm: (line) => line.replace(/^npm install/, 'pnpm add'),
  yarn: (line) =>
    line.replace(/^npm install/, 'yarn add').replace(/(^|\s)node --import/, '$1yarn node --import'),
};

/**
 * Makes the function that follows a set-up in an empty folder.
 * @returns {(setUp: import('./set-ups.mjs').SetUp, options: { version: string, manager: string, cache?: string }) => Promise<number>}
 *   seconds from the empty folder to the event; throws when a line fails, or when no event has arrived where the set-up starts an
 *   application
 */
export function createPath({ run, node, tool, write, archive, work }) {
  let count = 0;

  return async function follow({ lines, files }, { version, manager, cache }) {
    const folder = join(work, `newcomer-${++count}`);
    const bin = await programs(version, manager);
    write(folder, { 'package.json': '{ "private": true }\n', ...files });
    // Yarn takes an empty lock file for the root of a project.
    if (manager === 'yarn') write(folder, { 'yarn.lock': '' });
    if (manager === 'pnpm')
      write(folder, { 'pnpm-workspace.yaml': 'packages: []\nstrictDepBuilds: false\n' });
    const [openai, anthropic, posthog] = [await startOpenAI(), await startAnthropic(), await startPostHog()];
    const env = {
      ...(cache ? caches(join(work, 'caches', cache)) : {}),
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      POSTHOG_HOST: posthog.url,
      OPENAI_BASE_URL: openai.url,
      OPENAI_API_KEY: 'sk-none',
      ANTHROPIC_BASE_URL: anthropic.url,
      ANTHROPIC_API_KEY: 'sk-none',
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
      YARN_ENABLE_TELEMETRY: '0',
    };
    const startMs = performance.now();
    try {
      for (const line of withClient(lines)) {
        await run(['bash', '-ec', WORDS[manager](filled(line))], { cwd: folder, env });
      }
      const isStarted = lines.some((line) => line.includes('node --import'));
      const calls = posthog.events.filter(({ event }) => event === '$ai_generation');
      if (isStarted && calls.length !== 1) throw new Error(`${calls.length} calls have arrived instead of 1`);
      return (performance.now() - startMs) / 1000;
    } finally {
      for (const each of [openai, anthropic, posthog]) each.close();
    }
  };

  /** What a reader puts in: the package, which is not the published one here, and keys. */
  function filled(line) {
    return line
      .replace(/(install .*?)posthog-llm-exporter(?=\s|$)/, `$1"posthog-llm-exporter@file:${archive}"`)
      .replace('phc_...', 'phc_newcomer')
      .replace(/sk-\.\.\./g, 'sk-none');
  }

  /** The client library that the application has anyway. */
  function withClient(lines) {
    const packages = lines
      .filter((line) => line.startsWith('npm install'))
      .flatMap((line) => line.replace(/#.*/, '').split(' '));
    const needsOpenAI = packages.some((name) => name.endsWith('-openai')) && !packages.includes('openai');
    return needsOpenAI ? ['npm install openai', ...lines] : lines;
  }

  /** A folder with `node` of a version, and the package manager. */
  async function programs(version, manager) {
    const executable = await node(version);
    const bin = join(work, 'bin', `${version}-${manager}`);
    const scripts = { node: `#!/bin/sh\nexec "${executable}" "$@"\n` };
    // pnpm wants a newer Node than applications may have.
    if (manager === 'pnpm')
      scripts.pnpm = shim(await node(NODE.newest24), await tool('pnpm@^11', 'pnpm/bin/pnpm.mjs'));
    if (manager === 'yarn')
      scripts.yarn = shim(
        executable,
        await tool('@yarnpkg/cli-dist@latest', '@yarnpkg/cli-dist/bin/yarn.js'),
      );
    mkdirSync(bin, { recursive: true });
    write(bin, scripts);
    for (const name of Object.keys(scripts)) chmodSync(join(bin, name), 0o755);
    return bin;
  }
}

function shim(executable, script) {
  return `#!/bin/sh\nPATH="${dirname(executable)}:$PATH" exec "${executable}" "${script}" "$@"\n`;
}

function caches(folder) {
  return {
    npm_config_cache: join(folder, 'npm'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_STATE_HOME: join(folder, 'state'),
    YARN_GLOBAL_FOLDER: join(folder, 'yarn'),
  };
}
