import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../src/json/steps.ts';
import { redactInSteps } from '../../../src/translate/privacy/redact-in-steps.ts';
import { REDACTORS } from '../../../src/translate/privacy/redactors.ts';

const redact = (text: string) => REDACTORS.reduce((rest, redactor) => redactor.redact(rest), text);

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

describe('a text that is redacted in parts', () => {
  it.each(TOGETHER)('comes out as one that is redacted whole, wherever it may be cut: %j', (text) => {
    for (let partUnits = 1; partUnits < text.length; partUnits++)
      expect(atOnce(redactInSteps(text, REDACTORS, partUnits))).toBe(redact(text));
  });

  it('comes out as one that is redacted whole', () => {
    fc.assert(
      fc.property(textOf, fc.integer({ min: 1, max: 40 }), (text, partUnits) => {
        expect(atOnce(redactInSteps(text, REDACTORS, partUnits))).toBe(redact(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('comes out the same by each redactor alone', () => {
    fc.assert(
      fc.property(textOf, fc.integer({ min: 1, max: 40 }), (text, partUnits) => {
        for (const redactor of REDACTORS)
          expect(atOnce(redactInSteps(text, [redactor], partUnits))).toBe(redactor.redact(text));
      }),
      { numRuns: 1_000 },
    );
  });
});
