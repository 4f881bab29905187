import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import { numberedCall, otlpRequest } from '../support/otlp-call.ts';
import { encodeOtlp } from '../support/otlp-protobuf.ts';
import { cli, KEY } from './run-cli.ts';

const calls = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => numberedCall(from + index));

async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'send-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

it('sends files of every form, with log records of other files; again, nothing is new', async () => {
  const posthog = await loopbackOfTest();
  const { traceId, spanId } = numberedCall(1);
  const record = {
    traceId,
    spanId,
    timeUnixNano: '1790000000500000000',
    eventName: 'gen_ai.user.message',
    body: { kvlistValue: { values: [{ key: 'content', value: { stringValue: 'Hello' } }] } },
  };
  const folder = await folderWith({
    'one.json': JSON.stringify(otlpRequest(calls(1, 2))),
    'lines.jsonl': [calls(3, 1), calls(4, 1)].map((spans) => JSON.stringify(otlpRequest(spans))).join('\n'),
    'three.pb': encodeOtlp('traces', otlpRequest(calls(5, 3))),
    'logs.json': JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }),
  });
  const files = ['one.json', 'lines.jsonl', 'three.pb', 'logs.json'].map((name) => join(folder, name));
  const send = () => cli(['send', ...files, '--api-key', KEY, '--endpoint', posthog.url]);
  expect(await send()).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Sent 7 events') });
  expect(posthog.events).toHaveLength(7);
  expect(posthog.events[0]).toMatchObject({
    properties: { $ai_input: [{ role: 'user', content: 'Hello' }] },
  });
  const uuids = new Set(posthog.events.map(({ uuid }) => uuid));
  expect((await send()).code).toBe(0);
  expect(new Set(posthog.events.map(({ uuid }) => uuid))).toEqual(uuids);
});

it('goes on where it stopped', async () => {
  let refuse = false;
  const posthog = await loopbackOfTest({
    respond: () => (refuse ? { do: 'answer', status: 400 } : undefined),
  });
  const folder = await folderWith({ 'many.json': JSON.stringify(otlpRequest(calls(1, 1_200))) });
  const flags = ['--api-key', KEY, '--endpoint', posthog.url, '--resume', join(folder, 'sent.json')];
  refuse = true;
  const first = await cli(['send', join(folder, 'many.json'), ...flags]);
  expect(first).toMatchObject({ code: 1, err: expect.stringContaining('bad-request') });
  refuse = false;
  expect((await cli(['send', join(folder, 'many.json'), ...flags])).code).toBe(0);
  const before = posthog.requests.length;
  const last = await cli(['send', join(folder, 'many.json'), ...flags]);
  expect(last).toMatchObject({ code: 0, err: expect.stringContaining('sent before') });
  expect(posthog.requests.length).toBe(before);
  expect(new Set(posthog.events.map(({ uuid }) => uuid)).size).toBe(1_200);
});

it('says what it would send, without a key', async () => {
  const folder = await folderWith({
    'one.json': JSON.stringify(
      otlpRequest([...calls(1, 2), { ...numberedCall(3), name: 'GET', attributes: [] }]),
    ),
  });
  const { code, out } = await cli(['send', join(folder, 'one.json'), '--dry-run']);
  expect(code).toBe(0);
  expect(out).toContain('3 spans: 2 $ai_generation, 1 not sent.');
});

const ONE_CALL = JSON.stringify(otlpRequest(calls(1, 1)));
const PROTOBUF = encodeOtlp('traces', otlpRequest(calls(1, 3)));

it.each<[string, string | Uint8Array, string]>([
  ['a file of another kind', 'no OTLP', 'is neither OTLP/JSON nor OTLP in protobuf.'],
  ['an empty file', '', 'is empty.'],
  ['JSON that is cut off', ONE_CALL.slice(0, -9), 'begins as JSON, and is damaged or cut off.'],
  [
    'JSON in lines of which one is cut off',
    `${ONE_CALL}\n\n${ONE_CALL.slice(0, 60)}\n${ONE_CALL}`,
    'has JSON in lines, of which line 3 is damaged or cut off; nothing of the file is used.',
  ],
  [
    'protobuf that is cut off',
    PROTOBUF.subarray(0, -20),
    'begins as OTLP in protobuf, and is damaged or cut off: A length beyond the end at byte',
  ],
  [
    'a packed file that is cut off',
    gzipSync(PROTOBUF).subarray(0, -20),
    'is packed by gzip, and damaged or cut off.',
  ],
])('refuses %s', async (_, content, words) => {
  const folder = await folderWith({ given: content });
  const { code, err } = await cli(['send', join(folder, 'given'), '--api-key', KEY]);
  expect(code).toBe(1);
  expect(err).toContain(`given ${words}`);
});

it('refuses a file that is not there', async () => {
  const { code, err } = await cli(['send', join(tmpdir(), 'nowhere.json'), '--api-key', KEY]);
  expect(code).toBe(1);
  expect(err).toContain('nowhere.json cannot be read (ENOENT)');
});

it.each<[string, string | Uint8Array, string]>([
  ['a file that is packed by gzip', gzipSync(PROTOBUF), '3 spans: 3 $ai_generation.'],
  ['JSON that is packed by gzip', gzipSync(ONE_CALL), '1 span: 1 $ai_generation.'],
])('takes %s', async (_, content, words) => {
  const folder = await folderWith({ 'given.gz': content });
  const { code, out } = await cli(['send', join(folder, 'given.gz'), '--dry-run']);
  expect(code).toBe(0);
  expect(out).toContain(words);
});

it('says that a file holds nothing of use', async () => {
  const folder = await folderWith({ 'other.json': '{"a":1}' });
  const { code, err } = await cli(['send', join(folder, 'other.json'), '--dry-run']);
  expect(code).toBe(0);
  expect(err).toContain('other.json holds no spans and no log records.');
});
