import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Scripted, startLoopbackPostHog } from '../support/loopback-posthog.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

/** Compiles the delivery to JavaScript that a bare Node 20 runs. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posthog-llm-exporter-exit-'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const sources = ['posthog-delivery.ts', 'undici-transport.ts', 'clock.ts'].map((name) =>
    join('src/deliver', name),
  );
  const options =
    '--ignoreConfig --noCheck --target es2022 --module nodenext --rewriteRelativeImportExtensions';
  await run(
    process.execPath,
    [compiler, ...options.split(' '), '--rootDir', 'src', '--outDir', folder, ...sources],
    {
      cwd: root,
    },
  );
  await writeFile(join(folder, 'main.js'), MAIN);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const MAIN = `
import { systemClock } from './deliver/clock.js';
import { createPostHogDelivery } from './deliver/posthog-delivery.js';
import { createUndiciTransport } from './deliver/undici-transport.js';
const { endpoint, timeoutMs, headers } = JSON.parse(process.argv[2]);
const logger = { error() {}, warn() {}, info() {}, debug() {} };
const transport = createUndiciTransport({
  timeoutMs, logger, headers: headers === 'never' ? () => new Promise(() => {}) : {},
});
const delivery = createPostHogDelivery({
  apiKey: 'phc_k', endpoint, transport, compression: 'gzip', maxBatchBytes: 1e6, maxRetries: 5, clock: systemClock, logger,
});
const event = { uuid: '01890000-0000-7000-8000-000000000000', json: Buffer.from('{}') };
const deadlineAtMs = systemClock.monotonicMs() + 3_600_000;
delivery
  .deliver([event], { deadlineAtMs, signal: new AbortController().signal })
  .then(({ delivered }) => console.log('delivered', delivered));
`;

it.each<[string, Scripted, { timeoutMs: number; headers?: 'never' }, number, string]>([
  ['a server that never answers, once the request timed out', { do: 'stall' }, { timeoutMs: 1_500 }, 1, ''],
  [
    'a wait of ten minutes before a retry',
    { do: 'answer', status: 503, headers: { 'retry-after': '600' } },
    { timeoutMs: 600_000 },
    1,
    '',
  ],
  ['headers that never come', { do: 'stall' }, { timeoutMs: 600_000, headers: 'never' }, 0, ''],
  [
    'a connection that is kept after a delivery',
    { do: 'answer', status: 200, body: '{"status":"Ok"}' },
    { timeoutMs: 600_000 },
    1,
    'delivered 1\n',
  ],
])('a process ends in spite of %s', async (_, scripted, options, requests, output) => {
  const posthog = await startLoopbackPostHog({ respond: () => scripted });
  const args = JSON.stringify({ endpoint: posthog.url, ...options });
  const { stdout } = await run(process.execPath, [join(folder, 'main.js'), args], { timeout: 60_000 });
  expect(stdout).toBe(output);
  expect(posthog.requests).toHaveLength(requests);
  await posthog.close();
});
