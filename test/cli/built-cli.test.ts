import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageVersion } from '../../src/package-info.ts';
import { type LoopbackPostHog, startLoopbackPostHog } from '../support/loopback-posthog.ts';
import { SELF_SIGNED } from '../support/self-signed.ts';
import { type BuiltPackage, buildPackage, run } from './built-package.ts';

const KEY = 'phc_Zq8vXw2LmN4rT6yU9aBcDeFgHiJkLmNoPqRsTuVw';

let built: BuiltPackage;
let posthog: LoopbackPostHog;
beforeAll(async () => {
  [built, posthog] = await Promise.all([buildPackage(), startLoopbackPostHog({ knownKeys: [KEY] })]);
});
afterAll(() => Promise.all([built.remove(), posthog.close()]));

/** Runs the program in a process of its own, with an environment that has nothing of ours. */
const program = (...argv: string[]) => programWith({}, ...argv);

async function programWith(more: NodeJS.ProcessEnv, ...argv: string[]) {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, XDG_CONFIG_HOME: join(built.folder, 'config'), ...more };
  const options = { env, timeout: 60_000 };
  return run(process.execPath, [join(built.folder, 'dist/cli/main.js'), ...argv], options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

it('is a program that a shell can start', () => {
  expect(readFileSync(join(built.folder, 'dist/cli/main.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

it('prints version and help', async () => {
  expect(await program('--version')).toEqual({ code: 0, stdout: `${packageVersion}\n`, stderr: '' });
  expect((await program('--help')).stdout).toContain('configure');
});

it('exits with 2 on wrong usage, and with 1 on failure', async () => {
  expect((await program('nonsense')).code).toBe(2);
  expect((await program('check')).code).toBe(1);
});

it('trusts the certificate authority in NODE_EXTRA_CA_CERTS', async () => {
  const secure = await startLoopbackPostHog({ knownKeys: [KEY], tls: 'self-signed' });
  const file = join(built.folder, 'company.pem');
  writeFileSync(file, SELF_SIGNED.cert);
  const check = ['check', '--api-key', KEY, '--endpoint', secure.url];
  expect((await program(...check)).code).toBe(1);
  expect(await programWith({ NODE_EXTRA_CA_CERTS: file }, ...check)).toMatchObject({ code: 0 });
  await secure.close();
});

it('configures, checks and sends, as processes that end by themselves', async () => {
  const configured = await program('configure', '--api-key', KEY, '--endpoint', posthog.url);
  expect(configured).toMatchObject({ code: 0, stderr: '' });
  const checked = await program('check', '--json');
  expect(JSON.parse(checked.stdout)).toMatchObject({ status: 'ok', endpoint: posthog.url });
  const sent = await program('send-test');
  expect(sent).toMatchObject({ code: 0, stderr: '' });
  expect(posthog.events).toContainEqual(
    expect.objectContaining({ event: '$ai_generation', distinct_id: 'user_12345' }),
  );
  rmSync(join(built.folder, 'config'), { recursive: true });
  for (const { stdout, stderr } of [configured, checked, sent]) {
    expect(stdout + stderr).not.toContain(KEY);
  }
});
