import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostHogEvent } from '../../src/translate/posthog-event.ts';
import { type BuiltPackage, buildPackage, run } from './built-package.ts';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

let built: BuiltPackage;
let root: string;
beforeAll(async () => {
  [built, root] = await Promise.all([buildPackage(), mkdtemp(join(tmpdir(), 'demo-client-'))]);
});
afterAll(() => Promise.all([built?.remove(), rm(root, { recursive: true, force: true })]));

let apps = 0;

/** An application that has these packages installed, and this package not. */
async function app(clients: readonly string[], others: readonly string[] = []): Promise<string> {
  apps += 1;
  const folder = join(root, `app-${apps}`);
  for (const name of [...clients, ...others]) {
    const place = join(folder, 'node_modules', name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(join(modules, name), place, 'junction');
  }
  const dependencies = Object.fromEntries(clients.map((name) => [name, '*']));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ dependencies }));
  return folder;
}

/** As `npx` runs it, from a folder of its own, with settings that must not reach the demo. */
async function demo(cwd: string, ...flags: string[]) {
  const { PATH, HOME } = process.env;
  const foreign = {
    POSTHOG_LLM_SAMPLING_RATE: '0.0001',
    OTEL_SDK_DISABLED: 'true',
    HTTP_PROXY: 'http://127.0.0.1:9',
  };
  const options = { cwd, env: { PATH, HOME, ...foreign, OPENAI_API_KEY: 'sk-real' }, timeout: 90_000 };
  return run(process.execPath, [join(built.folder, 'dist/cli/main.js'), 'demo', ...flags], options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

const OPENAI_RECORDER = '@arizeai/openinference-instrumentation-openai';
const ANTHROPIC_RECORDER = '@arizeai/openinference-instrumentation-anthropic';

describe('demo in the folder of an application', () => {
  it.each([
    ['openai', ['openai'], [OPENAI_RECORDER]],
    ['anthropic', ['@anthropic-ai/sdk'], [ANTHROPIC_RECORDER]],
    ['ai', ['ai'], ['@ai-sdk/openai']],
  ])('asks with %s, as it is installed', async (name, clients, others) => {
    const folder = await app(clients, others);
    const { code, stdout, stderr } = await demo(folder, '--client', name);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('sends to http://127.0.0.1:'),
    });
    expect(stdout).toMatch(new RegExp(`^${clients[0]} \\d+\\.\\d+\\.\\d+, as installed in `));
    expect(stdout).toContain('Product question  (user user_12345, session session_abc, $ai_trace_id ');
    expect(stdout).toContain('out The Ridge rain jacket');
  });

  it('takes the first, and names the others', async () => {
    const folder = await app(['openai', '@anthropic-ai/sdk'], [OPENAI_RECORDER, ANTHROPIC_RECORDER]);
    const { code, stdout } = await demo(folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^openai /);
    expect(stdout).toMatch(/^@anthropic-ai\/sdk [\d.]+ is installed as well: demo --client anthropic$/m);
  });

  it('withholds what privacy mode withholds', async () => {
    const folder = await app(['openai'], [OPENAI_RECORDER]);
    const { stdout } = await demo(folder, '--json', '--privacy-mode');
    const events = JSON.parse(stdout) as PostHogEvent[];
    expect(events.filter(({ event }) => event === '$ai_generation').length).toBeGreaterThanOrEqual(2);
    expect(stdout).not.toMatch(/Ridge rain jacket|for cycling/);
  });

  it('says what to install where nothing records the calls, and shows its own', async () => {
    const folder = await app(['openai']);
    const { code, stdout, stderr } = await demo(folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^An application asked a stand-in model/);
    expect(stderr).toMatch(
      new RegExp(
        `^openai [\\d.]+ is installed here, and nothing records its calls yet. Install:\n  npm install .*${OPENAI_RECORDER}\n$`,
      ),
    );
    expect(await demo(folder, '--client', 'openai')).toMatchObject({ code: 1, stdout: '', stderr });
  });
});
