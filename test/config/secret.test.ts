import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createSecret, maskKey, maskSecretsIn } from '../../src/config/secret.ts';

const KEY = 'phc_Zq8vXw2LmN4rT6yU9aBcDeFgHiJkLmNoPqRsTuVw';

describe('maskKey', () => {
  it.each([
    { key: KEY, masked: 'phc_Zq…TuVw' },
    { key: 'phc_short', masked: '****' },
    { key: 'phx_Zq8vXw2LmN4rT6yU9aBcDeFgHiJkLmNoPqRsTuVw', masked: 'phx_****' },
    { key: 'sk-proj-0123456789012345678901234567890123456789', masked: '****' },
    { key: '', masked: '' },
  ])('shows $masked', ({ key, masked }) => {
    expect(maskKey(key)).toBe(masked);
  });
});

describe('maskSecretsIn', () => {
  it.each([
    { text: `key ${KEY}, again ${KEY}.`, secrets: [], masked: 'key phc_Zq…TuVw, again phc_Zq…TuVw.' },
    {
      text: 'unknown option --api_key=phx_abcdefgh',
      secrets: [],
      masked: 'unknown option --api_key=phx_****',
    },
    { text: 'my-own-key-1234', secrets: ['my-own-key-1234'], masked: '****' },
    { text: 'the file alpha_beta.json', secrets: [], masked: 'the file alpha_beta.json' },
    { text: 'nothing here', secrets: [''], masked: 'nothing here' },
  ])('gives "$masked"', ({ text, secrets, masked }) => {
    expect(maskSecretsIn(text, secrets)).toBe(masked);
  });
});

describe('createSecret', () => {
  const secret = createSecret(KEY);

  it('reveals the value only when asked', () => {
    expect(secret.reveal()).toBe(KEY);
  });

  it.each([
    ['template', `${secret}`],
    ['String', String(secret)],
    ['JSON', JSON.stringify({ secret })],
    ['inspect', inspect({ secret }, { showHidden: true, depth: 9 })],
    ['inspect without custom output', inspect(secret, { customInspect: false, showHidden: true })],
  ])('is masked as %s', (_, printed) => {
    expect(printed).not.toContain(KEY.slice(8, 20));
  });
});
