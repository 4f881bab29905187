import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type BuiltPackage, buildPackage } from '../cli/built-package.ts';
import { folderOfTest } from '../support/folder-of-test.ts';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { hexOf, numberedCall, otlpRequest } from '../support/otlp-call.ts';
import { CHAOS_FACTOR } from '../support/seeded-random.ts';
import { type GatewayProcess, startGatewayProcess, writeGatewayFile } from './gateway-process.ts';

let built: BuiltPackage;
beforeAll(async () => {
  built = await buildPackage();
});
afterAll(() => built.remove());

/** A request with the calls of these numbers. */
function requestOf(numbers: readonly number[]): string {
  return JSON.stringify(otlpRequest(numbers.map((number) => numberedCall(number + 1))));
}

async function start(file: string): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess(built.folder, file);
  onTestFinished(() => void gateway.process.kill('SIGKILL'));
  return gateway;
}

/** @returns whether the request was answered with 200 */
async function post(gateway: GatewayProcess, body: string): Promise<boolean> {
  try {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(`${gateway.otlpUrl}/v1/traces`, { method: 'POST', headers, body })).ok;
  } catch {
    return false;
  }
}

it('loses nothing that was answered when it is killed again and again, and sends nothing under another id', async () => {
  const posthog = await loopbackOfTest();
  const folder = folderOfTest();
  const file = join(folder, 'gateway.json');
  const spool = { directory: join(folder, 'spool') };
  await writeGatewayFile(file, {
    spool,
    startup: { test: 'off' },
    destinations: [{ name: 'product', apiKey: 'phc_test_key', endpoint: posthog.url }],
  });
  const answered = new Set<number>();
  let next = 0;
  for (let round = 0; round < 4 * CHAOS_FACTOR; round += 1) {
    const gateway = await start(file);
    const senders = Array.from({ length: 4 }, async () => {
      while (gateway.process.exitCode === null && gateway.process.signalCode === null) {
        const numbers = Array.from({ length: 3 }, () => next++);
        if (await post(gateway, requestOf(numbers))) for (const number of numbers) answered.add(number);
        else break;
      }
    });
    const enough = answered.size + 30;
    await expect.poll(() => answered.size).toBeGreaterThan(enough);
    gateway.process.kill('SIGKILL');
    await Promise.all(senders);
    expect(await gateway.ended).toBe('SIGKILL');
  }
  // What is on disk is sent by the next process, once the holds of the killed ones are over.
  const last = await start(file);
  const spanIds = () =>
    new Set(posthog.events.map(({ properties }) => (properties as Record<string, unknown>).$ai_span_id));
  const missing = () => [...answered].filter((number) => !spanIds().has(hexOf(number + 1, 16)));
  await expect.poll(missing, { interval: 500 }).toEqual([]);
  last.process.kill('SIGTERM');
  expect(await last.ended).toBe(0);
  const uuids = new Map(
    posthog.events.map(({ uuid, properties }) => [uuid, (properties as Record<string, unknown>).$ai_span_id]),
  );
  expect(uuids.size).toBe(spanIds().size);
});

it('ends in order on a SIGTERM that comes as soon as it receives', async () => {
  const posthog = await loopbackOfTest();
  const file = join(folderOfTest(), 'gateway.json');
  await writeGatewayFile(file, {
    startup: { test: 'off' },
    destinations: [{ name: 'product', apiKey: 'phc_test_key', endpoint: posthog.url }],
  });
  for (let round = 0; round < 3; round += 1) {
    const gateway = await start(file);
    gateway.process.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
  }
});

it('ends on SIGTERM within its time and has delivered what it answered', async () => {
  const posthog = await loopbackOfTest();
  const folder = folderOfTest();
  const file = join(folder, 'gateway.json');
  await writeGatewayFile(file, {
    startup: { test: 'off' },
    destinations: [{ name: 'product', apiKey: 'phc_test_key', endpoint: posthog.url }],
  });
  const gateway = await start(file);
  let answered = 0;
  let next = 0;
  const senders = Array.from({ length: 4 }, async () => {
    while (await post(gateway, requestOf([next++]))) answered += 1;
  });
  await expect.poll(() => answered).toBeGreaterThan(50);
  gateway.process.kill('SIGTERM');
  await Promise.all(senders);
  expect(await gateway.ended).toBe(0);
  const generations = posthog.events.filter(({ event }) => event === '$ai_generation');
  expect(generations.length).toBeGreaterThanOrEqual(answered);
});

it('keeps its destinations when the file is read again and is wrong, and changes them when it is right', async () => {
  const posthog = await loopbackOfTest({ knownKeys: ['phc_right', 'phc_other'] });
  const file = join(folderOfTest(), 'gateway.json');
  const write = (apiKey: string) =>
    writeGatewayFile(file, { destinations: [{ name: 'product', apiKey, endpoint: posthog.url }] });
  await write('phc_right');
  const gateway = await start(file);
  const keyUsed = async (number: number): Promise<unknown> => {
    const before = posthog.requests.length;
    expect(await post(gateway, requestOf([number]))).toBe(true);
    await expect.poll(() => posthog.requests.length).toBeGreaterThan(before);
    const [latest] = posthog.requests.slice(-1);
    return Object(latest?.json).api_key;
  };
  expect(await keyUsed(1)).toBe('phc_right');

  await write('phc_wrong');
  gateway.process.kill('SIGHUP');
  expect(await gateway.logged('Not reloaded')).toMatchObject({ level: 'error', destination: 'product' });
  expect(await keyUsed(2)).toBe('phc_right');

  await write('phc_other');
  gateway.process.kill('SIGHUP');
  await gateway.logged('are in force');
  expect(await keyUsed(3)).toBe('phc_other');
  expect(JSON.stringify(gateway.lines)).not.toContain('phc_other');
});

it('says why it does not start', async () => {
  const posthog = await loopbackOfTest({ knownKeys: ['phc_right'] });
  const file = join(folderOfTest(), 'gateway.json');
  await writeGatewayFile(file, {
    startup: { test: 'require' },
    destinations: [{ name: 'product', apiKey: 'phc_wrong', endpoint: posthog.url }],
  });
  await expect(startGatewayProcess(built.folder, file)).rejects.toThrow(
    /Not started, since a destination is wrong.*product/,
  );
});

it.each(['http', 'grpc', 'admin'] as const)('says which address is taken: %s', async (name) => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const file = join(folderOfTest(), 'gateway.json');
  await writeGatewayFile(file, {
    listen: { http: '127.0.0.1:0', admin: '127.0.0.1:0', [name]: `127.0.0.1:${port}` },
    startup: { test: 'off' },
    destinations: [{ name: 'product', apiKey: 'phc_right' }],
  });
  await expect(startGatewayProcess(built.folder, file)).rejects.toThrow(new RegExp(`:${port} is in use`));
});
