import { describe, expect, it } from 'vitest';
import { createSecretBook, secretsIn, UNNUMBERED } from './support/secrets.ts';

const secret = createSecretBook().next('a recording', 'an attribute');
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a secret is recognised', () => {
  it.each([
    ['plain', secret],
    ['in other letters', secret.toLowerCase()],
    ['within JSON within JSON', JSON.stringify({ a: JSON.stringify({ b: JSON.stringify([secret]) }) })],
    ['with escapes', String.raw`{"a":"\u0053\u0045CRET-0-x"}`],
    ['with escapes, nested', JSON.stringify({ a: String.raw`{"b":"\u0053ECRET-0-x"}` })],
    ['in a URL', 'https://x.example/?q=%53ECRET-0-x'],
    ['in base64', base64(`first ${secret} last`)],
    ['in base64, one byte on', base64(`first. ${secret} last`)],
    ['in base64, two bytes on', base64(`first.. ${secret} last`)],
    ['in base64 of URLs', Buffer.from(`???${secret}>>>`).toString('base64url')],
    ['in a data URL', `data:image/png;base64,${base64(`x ${secret}`)}`],
    ['in hexadecimal', Buffer.from(`a ${secret}`).toString('hex')],
    ['in hexadecimal, in capitals', Buffer.from(`a ${secret}`).toString('hex').toUpperCase()],
  ])('%s', (_way, text) => {
    expect([...secretsIn(`before "${text}" after`)]).toContain(0);
  });

  it('when only its beginning is left', () => {
    expect([...secretsIn('it said SECRET-')]).toEqual([UNNUMBERED]);
  });

  it.each(['no secret', 'secret', base64('nothing of the kind'), '{"a":"\\u0041"}', '%41', 'SECRET'])(
    'and not in %j',
    (text) => {
      expect([...secretsIn(text)]).toEqual([]);
    },
  );
});
