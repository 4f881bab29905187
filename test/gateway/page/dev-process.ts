import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** `posthog-llm-exporter dev` as a process of its own. */
export interface DevProcess {
  readonly process: ChildProcess;
  readonly pageUrl: string;
  readonly otlpUrl: string;
  /** What it and its command wrote to standard output, when it is over. */
  readonly output: Promise<string>;
  /** Resolves to the exit code, or to the signal that ended it. */
  readonly ended: Promise<number | string | null>;
}

/**
 * Starts it on free ports.
 * @param command what it runs; without one it runs until it gets a signal
 */
export async function startDevProcess(
  packageFolder: string,
  command: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<DevProcess> {
  const main = join(packageFolder, 'dist/cli/main.js');
  const args = [
    main,
    'dev',
    '--port',
    '0',
    '--admin-port',
    '0',
    ...(command.length > 0 ? ['--', ...command] : []),
  ];
  const child = spawn(process.execPath, args, {
    cwd: packageFolder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | string | null>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code));
  });
  let written = '';
  child.stdout.on('data', (chunk: Buffer) => {
    written += chunk.toString('utf8');
  });
  const found = new Map<string, string>();
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      const [, name, url] = /^(Page|OTLP):\s+(http:\S+)/.exec(line) ?? [];
      if (name && url) found.set(name, url);
      if (found.size === 2) resolve();
    });
    void ended.then(() => reject(new Error(`dev ended early: ${lines.join('\n')}`)));
  });
  return {
    process: child,
    pageUrl: found.get('Page') ?? '',
    otlpUrl: found.get('OTLP') ?? '',
    output: ended.then(() => written),
    ended,
  };
}
