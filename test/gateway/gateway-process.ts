import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** `posthog-llm-exporter serve` as a process of its own. */
export interface GatewayProcess {
  readonly process: ChildProcess;
  /** Every line that it has logged. */
  readonly lines: readonly LogLine[];
  readonly otlpUrl: string;
  readonly adminUrl: string;
  /** Resolves to the exit code, or to the signal that ended it. */
  readonly ended: Promise<number | string | null>;
  /** Resolves when a line with these words is logged. */
  logged(words: string): Promise<LogLine>;
}

export interface LogLine {
  readonly message: string;
  readonly [field: string]: unknown;
}

/** Starts the gateway of a built package and waits until it receives. */
export async function startGatewayProcess(packageFolder: string, file: string): Promise<GatewayProcess> {
  const child = spawn(process.execPath, [join(packageFolder, 'dist/cli/main.js'), 'serve', file], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  const ended = new Promise<number | string | null>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal ?? code);
      for (const wake of waiting) wake();
    });
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line.startsWith('{') ? (JSON.parse(line) as LogLine) : { message: line });
    for (const wake of waiting) wake();
  });
  const logged = (words: string): Promise<LogLine> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines.find(({ message }) => message.includes(words));
        if (found) resolve(found);
        else if (child.exitCode === null && child.signalCode === null) return;
        else reject(new Error(`ended without "${words}": ${JSON.stringify(lines)}`));
        waiting.delete(look);
      };
      waiting.add(look);
      look();
    });
  const { http, admin } = await logged('The gateway receives');
  return {
    process: child,
    lines,
    otlpUrl: `http://${String(http)}`,
    adminUrl: `http://${String(admin)}`,
    ended,
    logged,
  };
}

/** Writes the file of a gateway that listens on free ports. */
export async function writeGatewayFile(path: string, settings: object): Promise<void> {
  const listen = { http: '127.0.0.1:0', admin: '127.0.0.1:0' };
  await writeFile(path, JSON.stringify({ listen, ...settings }), { mode: 0o600 });
}
