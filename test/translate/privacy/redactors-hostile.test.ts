import { describe, expect, it } from 'vitest';
import { REDACTORS } from '../../../src/translate/privacy/redactors.ts';
import { leastCpuMs } from '../../support/thread-cpu.ts';

const MEGABYTE = 1024 * 1024;

/** Worst case that is allowed for one megabyte; a quadratic search would take minutes. */
const LIMIT_MS = 1_000;
const MAX_RUNS = 3;

function fill(pattern: string): string {
  return pattern.repeat(Math.ceil(MEGABYTE / pattern.length)).slice(0, MEGABYTE);
}

/** Patterns that make careless expressions go back and forth. */
const HOSTILE = [
  'a',
  '1',
  '0',
  '1 ',
  '1-',
  '1.',
  '+1',
  '+1 ',
  '+',
  '(',
  '(212) 555-',
  '212-555-',
  '0171 12 ',
  '00',
  '00 1',
  '4111 ',
  '4111-1111-1111-1112 ',
  '4111111111111112 ',
  '4',
  'DE89',
  'DE89 ',
  'DE89 3704 0044 0532 0130 01 ',
  '@',
  'a@',
  'a.b@c.',
  'a@b.c',
  'a@b.co1',
  `${'a'.repeat(70)}@`,
  `${'.'.repeat(64)}@b.co`,
  'sk-',
  'sk-aaaaaaaaaaaaaaaa',
  'sk-aaaaaaaaaaaaaaa ',
  'eyJ',
  'eyJ-',
  'eyJaaaaaaaaaa.eyJ',
  'eyJaaaaaaaaaa.eyJaaaa ',
  'api_key=',
  'api_key:"\\"\\',
  'password=',
  'password="aaaaaaaa" ',
  'token: aaaaaaaaaaaaaaaaaaaa ',
  '-----BEGIN PRIVATE KEY-----',
  '-----BEGIN ',
  'PRIVATE KEY-----',
  'Bearer ',
  'Bearer aaaaaaaaaaaaaaaaaaaa ',
  'Bearer a=Bearer=',
  'authorization: ',
  'authorization=',
  '1.1.1.',
  '1.1.1.1.',
  '256.256.256.256 ',
  ':',
  'a:',
  '::1',
  '2001:db8:',
  '2001:db8::g ',
  'phone',
  'phone: 12345678901234567 ',
  '\\n',
  '\\u00e9',
  'é',
  '联',
  '\n',
  ' ',
  '"\\"',
];

describe('hostile input of one megabyte', () => {
  it.each(HOSTILE)('%j', (pattern) => {
    const text = fill(pattern);
    const slow = REDACTORS.flatMap(({ name, redact }) => {
      // Further runs only when the first was slow: the machine may have been busy.
      let ms = timeOf(redact, text);
      for (let run = 0; run < MAX_RUNS && ms > LIMIT_MS; run++) ms = Math.min(ms, timeOf(redact, text));
      return ms > LIMIT_MS ? [{ name, ms: Math.round(ms) }] : [];
    });
    expect(slow).toEqual([]);
  });
});

it.each([
  ['digits', '', '1'],
  ['a token', 'Bearer ', 'a1'],
  ['a header', 'Authorization: Basic ', 'a1'],
  ['a key', 'sk-', 'a1'],
  ['a key of letters and digits', 'gsk_', 'a1'],
  ['a JSON Web Token', 'eyJhbGciOiJIUzI1NiJ9.eyJ', 'a1'],
  ['a password', 'password=', 'a1'],
])('eight megabytes of %s in one piece are not too many', (_, before, unit) => {
  const text = `${before}${unit.repeat((8 * MEGABYTE) / unit.length)} jane.doe@example.com`;
  for (const { redact } of REDACTORS) expect(() => redact(text)).not.toThrow();
});

function timeOf(redact: (text: string) => string, text: string): number {
  return leastCpuMs(() => redact(text), 1);
}
