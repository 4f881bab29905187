import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atOnce, STEP_UNITS } from '../../../src/json/steps.ts';
import { STEP_CANDIDATES } from '../../../src/translate/privacy/patterns/scan.ts';
import { redactAllInSteps } from '../../../src/translate/privacy/redact-in-steps.ts';
import { REDACTORS } from '../../../src/translate/privacy/redactors.ts';

/** What patterns find, in whole and in pieces, what announces it, and what stands beside it. */
const SECRETS = [
  ...['jane.doe@example.com', 'müller@bücher.de', 'git@github.com', 'a@b.co', '@', 'icon@2x.png'],
  ...['GB82 WEST 1234 5698 7654 32', 'DE89370400440532013000', 'MT84 MALT 0110 0001 2345 MTLC AST0 01S'],
  ...['GB82', 'WEST', 'de89 3704', '4111 1111 1111 1111', '4111-1111-1111-1111', '378282246310005', '4111'],
  ...['192.168.17.23', '10.2.3.4', '2001:db8::8a2e:370:7334', '::1', 'fe80::1:2', '1.2', 'v1.2.3.4'],
  ...[
    '+49 30 1234567',
    '+1 (212) 555-0142',
    '(212) 555-0142',
    '212-555-0142',
    '030 12345678',
    '01 23 45 67 89',
  ],
  ...['5551234567', '555', '0171', '+', '00 49'],
  ...['phone', 'phone number', 'Tel', 'mobile', 'fax no', 'whatsapp', 'number', 'nr'],
  ...['Bearer', 'bearer', 'authorization', 'Authorization', 'basic', 'token', 'digest', 'api-key', 'key'],
  ...['api_key', 'secret', 'password', 'passwd', 'access-key'],
  ...['abcd1234efgh5678', 'dXNlcjpwYXNzd29yZDEyMw==', 'abcdefgh', 'abc12345', 'xxpasswd', 'sk-', 'pplx-'],
  ...[
    `sk-${'a1B2'.repeat(8)}`,
    `ghp_${'A1b2'.repeat(9)}`,
    'AKIAIOSFODNN7EXAMPLE',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
  ],
  ...['-----BEGIN PRIVATE KEY-----', '-----BEGIN RSA PRIVATE KEY-----', '-----END PRIVATE KEY-----', '-----'],
  ...[
    '[email]',
    '[api_key]',
    'lorem',
    'Ipsum',
    'a',
    'z',
    '7',
    '漢字',
    'ж',
    'é',
    '\u{1F600}',
    '\\n',
    '\\u0041',
    '\\',
  ],
];
const SIGNS = [
  ...[
    ' ',
    ' ',
    ' ',
    '  ',
    '\t',
    '\n',
    '\r\n',
    ', ',
    ',',
    '.',
    '. ',
    ': ',
    ':',
    '=',
    ' => ',
    ';',
    '"',
    "'",
    '\\"',
  ],
  ...['', '', '-', '_', '/', '(', ')', '{', '}', '<', '>', '|', '&', '?', '!', '[', ']', '\u00A0', '。', '@'],
];
const textOf = fc
  .array(fc.tuple(fc.constantFrom(...SECRETS), fc.constantFrom(...SIGNS)), { minLength: 1, maxLength: 40 })
  .map((pieces) => pieces.flat().join(''));

/** What only together is a secret, with everything that a pattern allows between. */
const TOGETHER = [
  ...['basic', 'bearer', 'token', 'digest', 'api-key', 'apikey', 'key'].flatMap((scheme) => [
    `Authorization: ${scheme} abcdefghijkl`,
    `\\"authorization\\" : \\"${scheme} 1bcdefghijkl\\"`,
  ]),
  ...['phone', 'tel', 'mobile', 'cell', 'fax', 'whatsapp'].flatMap((word) => [
    `her ${word} number 5551234567`,
    `her ${word} 5551234567`,
    `{"${word}": "5551234567"}`,
    `${word}_nr.\t'5551234567'`,
  ]),
  ...['Bearer 1bcdefghijklmnop', 'Bearer\tabcdefghijklmno1'],
  ...['api_key', 'secret', 'secret-key', 'access key', 'token', 'password', 'passwd'].flatMap((name) => [
    `${name}: abcd1234efgh5678`,
    `"${name}"\t=> 'abcd1234efgh5678'`,
    `${name} = \\"abcd1234\\"`,
  ]),
  ...[
    'иван@пример.рф',
    'josé@bücher.de',
    '-----BEGIN RSA PRIVATE KEY-----\nab, cd; ef\n-----END RSA PRIVATE KEY----- x',
  ],
  ...[
    'GB82 WEST 1234 5698 7654 32',
    'mt84 malt 0110 0001 2345 mtlc ast0 01s',
    'MT-84',
    '1,4111 1111 1111 1111',
  ],
  ...['+49 30 1234567', '(212) 555-0142', '030 / 12345678', '1.2.3.4', '1,+15551234567', '1, 212-555-0142'],
];

/** More candidates than are looked at between two pauses, so that each pattern pauses and looks on. */
const TIMES = 3 * STEP_CANDIDATES;

describe('a text that is redacted with pauses', () => {
  /** No pattern goes beyond the end of a line. */
  const expectEachLineAlone = (line: string, redactors = REDACTORS) => {
    const all = (text: string) => redactors.reduce((rest, { redact }) => redact(rest), text);
    const whole = atOnce(redactAllInSteps([`${line}\n`.repeat(TIMES)], redactors));
    expect(whole).toEqual([`${all(line)}\n`.repeat(TIMES)]);
  };

  it.each(TOGETHER.filter((text) => !text.includes('\n')))(
    'comes out as its lines do, each by itself: %j',
    (text) => {
      expectEachLineAlone(text);
      for (const redactor of REDACTORS) expectEachLineAlone(text, [redactor]);
    },
  );

  it('comes out as its lines do, each by itself', () => {
    const line = textOf.filter((text) => !/[\n\r]|-----/.test(text));
    fc.assert(
      fc.property(line, (text) => expectEachLineAlone(text)),
      { numRuns: 40 },
    );
  });

  it('finds a long token wherever it begins in a word of any length', () => {
    const token = `eyJhbGciOiJIUzI1NiJ9.eyJ${'a1B2'.repeat(500)}.c2lnbmF0dXJl`;
    for (const begins of [0, 100, STEP_UNITS - 5_000, STEP_UNITS - 1_000, STEP_UNITS, STEP_UNITS + 500]) {
      const [before, behind] = [`${'A'.repeat(begins)}/`, `/${'B'.repeat(2 * STEP_UNITS)}`];
      const [redacted] = atOnce(redactAllInSteps([before + token + behind], REDACTORS));
      expect(redacted).toBe(`${before}[api_key]${behind}`);
    }
  });

  it('pauses where many places are found, where none are, and in a private key', () => {
    const pausesIn = (unit: string) => {
      let pauses = 0;
      const steps = redactAllInSteps([unit.repeat(200_000 / unit.length)], REDACTORS);
      while (!steps.next().done) pauses += 1;
      return pauses;
    };
    const without = pausesIn('lorem ipsum ');
    expect(without).toBeLessThan(10);
    expect(pausesIn('a@example.com ')).toBeGreaterThan(without);
    expect(pausesIn('12:30:01 ')).toBeGreaterThan(without);
    expect(pausesIn('2024-01-02 ')).toBeGreaterThan(without);
    expect(pausesIn('icon@2x.png ')).toBeGreaterThan(without);
    expect(pausesIn('abcdefghijklmnopqrst ')).toBeGreaterThan(without);
    expect(pausesIn('-----BEGIN PRIVATE KEY-----\na\n-----END PRIVATE KEY-----\n')).toBeGreaterThan(without);
  });
});
