import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { compressBody } from '../../src/deliver/compress.ts';
import { buildRequestBody, envelopeBytes } from '../../src/deliver/request-body.ts';
import { sampleEvents } from './sample-events.ts';

describe('buildRequestBody', () => {
  it.each([0, 1, 3])('holds %i events, the key, and nothing else', (count) => {
    const events = sampleEvents(count);
    const body = JSON.parse(buildRequestBody('phc_"quoted"', events).toString('utf8'));
    expect(body).toEqual({
      api_key: 'phc_"quoted"',
      batch: events.map(({ json }) => JSON.parse(json.toString('utf8'))),
    });
  });

  it('knows its size beforehand', () => {
    const events = sampleEvents(3);
    const eventBytes = events.reduce((sum, { json }) => sum + json.length, 0);
    expect(buildRequestBody('phc_grüße', events).length).toBe(envelopeBytes('phc_grüße') + eventBytes + 2);
  });
});

describe('compressBody', () => {
  const large = Buffer.from('{"text":"again and again"}'.repeat(200));

  it('gives the same bytes back after gunzip', async () => {
    const { body, encoding } = await compressBody(large, 'gzip');
    expect(encoding).toBe('gzip');
    expect(body.length).toBeLessThan(large.length / 5);
    expect(gunzipSync(body).equals(large)).toBe(true);
  });

  it.each([
    ['a small body', large.subarray(0, 1023), 'gzip'],
    ['any body when compression is off', large, 'none'],
  ] as const)('leaves %s as it is', async (_, body, compression) => {
    expect(await compressBody(body, compression)).toEqual({ body, encoding: 'identity' });
  });

  it('compresses from 1 KiB on', async () => {
    expect(await compressBody(large.subarray(0, 1024), 'gzip')).toMatchObject({ encoding: 'gzip' });
  });
});
