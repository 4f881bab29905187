import { randomBytes } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoopbackPostHog, startLoopbackPostHog } from '../support/loopback-posthog.ts';

const AI = '/i/v0/ai/batch/';
const EVENT = { event: '$ai_generation', distinct_id: 'u', properties: {} };
const UUID = '01890a5d-ac96-7740-b9f0-3f3b3a3f3b3a';
const MIB = 1024 * 1024;

async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const answer = await request(url, { method: 'POST', body: bytes, headers });
  return `${answer.statusCode} ${await answer.body.text()}`;
}

describe('the loopback PostHog', () => {
  let posthog: LoopbackPostHog;
  beforeAll(async () => {
    posthog = await startLoopbackPostHog({ knownKeys: ['phc_known'] });
  });
  afterAll(() => posthog.close());

  const batch = (changes: Record<string, unknown>) => ({
    api_key: 'phc_k',
    batch: [{ ...EVENT, ...changes }],
  });

  it.each<[string, string, unknown, string]>([
    [
      'AI events on the AI route',
      AI,
      batch({ uuid: UUID, timestamp: '2026-01-01T00:00:00Z' }),
      '200 {"status":"Ok"}',
    ],
    ['the route without a slash', '/i/v0/ai/batch', batch({}), '200'],
    ['AI events on /batch/', '/batch/', batch({}), '200'],
    ['other events on /batch/', '/batch/', batch({ event: 'page' }), '200'],
    ['other events on the AI route', AI, batch({ event: 'page' }), '400'],
    ['a timestamp that is a number', AI, batch({ timestamp: 5 }), '400'],
    ['a uuid that is none', AI, batch({ uuid: 'abc' }), '400'],
    ['no event name', AI, batch({ event: '' }), '400'],
    ['no distinct_id', AI, batch({ distinct_id: undefined }), '400'],
    ['a blank distinct_id', AI, batch({ distinct_id: '  ' }), '400'],
    [
      'a distinct_id in the properties',
      AI,
      batch({ distinct_id: undefined, properties: { distinct_id: 'u' } }),
      '200',
    ],
    ['no events', AI, { api_key: 'phc_k', batch: [] }, '400'],
    ['no batch', AI, { api_key: 'phc_k' }, '400'],
    ['no JSON', AI, Buffer.from('{'), '400'],
    ['no UTF-8', AI, Buffer.from([0x22, 0xff, 0x22]), '400'],
    ['no key', AI, { batch: [EVENT] }, '401'],
    ['a personal key', AI, { api_key: 'phx_k', batch: [EVENT] }, '401'],
    ['a long key', AI, { api_key: 'k'.repeat(65), batch: [EVENT] }, '401'],
    ['a key beyond ASCII', AI, { api_key: 'phc_ü', batch: [EVENT] }, '401'],
    ['a key nobody knows', AI, { api_key: 'phc_unknown', batch: [EVENT] }, '200'],
    ['an event above 8 MiB', AI, batch({ properties: { text: 'x'.repeat(8 * MIB) } }), '413'],
    ['an event above 983,040 bytes', '/batch/', batch({ properties: { text: 'x'.repeat(983_040) } }), '413'],
    ['a route that does not exist', '/i/v9/batch/', batch({}), '404'],
    ['flags for a known key', '/flags/?v=2', { token: 'phc_known', distinct_id: 'u' }, '200 {"flags":{}'],
    ['flags for an unknown key', '/flags/?v=2', { token: 'phc_unknown', distinct_id: 'u' }, '401'],
    ['flags without a key', '/flags/?v=2', { distinct_id: 'u' }, '401'],
    ['flags without a distinct_id', '/flags/?v=2', { token: 'phc_known' }, '400'],
    ['flags with bad JSON', '/flags/?v=2', Buffer.from('{'), '400'],
  ])('answers %s', async (_, path, body, expected) => {
    const answer = await post(`${posthog.url}${path}`, body);
    expect(answer.slice(0, expected.length)).toBe(expected);
  });

  it.each([
    ['gzip', gzipSync, 'gzip', '200'],
    ['gzip by its magic bytes', gzipSync, undefined, '200'],
    ['brotli', brotliCompressSync, 'br', '400'],
    ['plain text that claims to be gzip', (bytes: Buffer) => bytes, 'gzip', '400'],
  ])('reads %s or not', async (_, compress, encoding, expected) => {
    const headers = encoding === undefined ? undefined : { 'content-encoding': encoding };
    const answer = await post(
      `${posthog.url}${AI}`,
      compress(Buffer.from(JSON.stringify(batch({})))),
      headers,
    );
    expect(answer.slice(0, 3)).toBe(expected);
  });

  it('refuses a body above 20 MiB as sent', async () => {
    expect(await post(`${posthog.url}${AI}`, randomBytes(20 * MIB + 1))).toMatch(/^413/);
  });

  it('takes a whole batch or nothing of it', async () => {
    const before = posthog.events.length;
    await post(`${posthog.url}${AI}`, { api_key: 'phc_k', batch: [EVENT, { ...EVENT, event: 'page' }] });
    expect(posthog.events.length).toBe(before);
  });

  it('answers 404 without a body on the AI route when self-hosted', async () => {
    const selfHosted = await startLoopbackPostHog({ mode: 'self-hosted' });
    expect(await post(`${selfHosted.url}${AI}`, batch({}))).toBe('404 ');
    expect(await post(`${selfHosted.url}/batch/`, batch({}))).toBe('200 {"status":"Ok"}');
    await selfHosted.close();
  });

  it('refuses unknown keys when told to', async () => {
    const strict = await startLoopbackPostHog({ knownKeys: ['phc_known'], captureKeyCheck: 'enforce' });
    expect(await post(`${strict.url}${AI}`, batch({}))).toMatch(/^401/);
    expect(await post(`${strict.url}${AI}`, { ...batch({}), api_key: 'phc_known' })).toMatch(/^200/);
    await strict.close();
  });
});
