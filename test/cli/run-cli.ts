import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterAll } from 'vitest';
import type { CliIo } from '../../src/cli/io.ts';
import { main } from '../../src/cli/program.ts';

export const KEY = 'phc_Zq8vXw2LmN4rT6yU9aBcDeFgHiJkLmNoPqRsTuVw';

/** A folder that stands for the user's config directory, so that no test meets a real one. */
export const configHome = mkdtempSync(join(tmpdir(), 'posthog-llm-cli-'));
afterAll(() => rmSync(configHome, { recursive: true, force: true }));

export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line within this process, with its own environment and terminal. */
export async function cli(
  argv: readonly string[],
  { env = {}, answers, ...rest }: Partial<CliIo> & { readonly answers?: readonly string[] } = {},
): Promise<CliRun> {
  const stdin = Object.assign(new PassThrough(), { isTTY: answers !== undefined });
  const left = [...(answers ?? [])];
  const stdout = collector((text) => {
    // A person answers when asked. The end of all answers is the end of input.
    if (/\): $/.test(text)) {
      const next = left.shift();
      setImmediate(() => (next === undefined ? stdin.end() : stdin.write(`${next}\r`)));
    }
  });
  const stderr = collector();
  const directories = { XDG_CONFIG_HOME: configHome, APPDATA: configHome };
  const code = await main(argv, {
    ...rest,
    stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: { ...directories, ...env },
  });
  return { code, out: stdout.text(), err: stderr.text() };
}

function collector(onText: (text: string) => void = () => {}) {
  let all = '';
  const stream = new Writable({
    write(chunk, _, done) {
      all += chunk;
      onText(String(chunk));
      done();
    },
  });
  return { stream, text: () => all };
}
