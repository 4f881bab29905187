import { describe, expect, it } from 'vitest';
import {
  REDACTOR_NAMES,
  REDACTORS,
  type RedactorName,
  redactorsNamed,
} from '../../../src/translate/privacy/redactors.ts';

function redact(name: RedactorName, text: string): string {
  const [redactor] = redactorsNamed([name]);
  return redactor?.redact(text) ?? 'no such redactor';
}

/** Text with the part that must go in angle brackets, by redactor. */
const FOUND: Readonly<Record<RedactorName, readonly string[]>> = {
  email: [
    'Write to <jane.doe@example.com>.',
    '<jane+news@mail.example.co.uk>, <x_1@a-b.org>',
    '{"to":"<o.brien@example.com>"}',
    'tool said {\\"mail\\":\\"<a@b.io>\\"}',
    'line\\n<first@example.com>\\tnext',
    'mailto:<someone@example.museum>?subject=hi',
    'Grüße an <jörg@müller.example>!',
    '联系<zhang@example.cn>。',
    'email=<who@example.com>&x=1',
    'https://user:<secret@host.example.com>/path',
    "'<quoted@example.com>'",
    '<a@xn--80ak6aa92e.xn--p1ai>',
  ],
  phone: [
    'Call <+49 30 901820> now',
    'Call <+14155552671>',
    '<+44 (0)20 7946 0958>.',
    '<0049 30 1234567>',
    '<(415) 555-2671> or <415-555-2671>',
    '<1-415-555-2671>',
    '<415.555.2671>',
    '<1 415 555 2671>',
    'Tel. <030 12345678>',
    '<0171/1234567>, <0171-1234567>',
    '<020 7946 0958>',
    '<01 23 45 67 89>',
    '<06.12.34.56.78>',
    '{"phone":"<4155552671>"}',
    '{\\"phone_number\\":\\"<4155552671>\\"}',
    'mobile: <01711234567>',
    'text\\n<+49 171 1234567>\\n',
  ],
  credit_card: [
    'Card <4111111111111111>.',
    '<4111 1111 1111 1111>, exp 12/27',
    '<5555-5555-5555-4444>',
    '<3782 822463 10005>',
    '<378282246310005>',
    '<3056 930902 5904>',
    '<6011.1111.1111.1117>',
    '<2223003122003222>',
    '<3530111333300000>',
    'Order 2024 <4111 1111 1111 1111> 123',
    '{"number":"<4111111111111111>"}',
    'a\\n<4111 1111 1111 1111>\\nb',
  ],
  iban: [
    'to <DE89370400440532013000>',
    '<DE89 3704 0044 0532 0130 00> AND MORE WORDS',
    '<GB29NWBK60161331926819>',
    '<FR14 2004 1010 0505 0001 3M02 606>.',
    '<nl91abna0417164300>',
    '<NO93 8601 1117 947>',
    '<MT84 MALT 0110 0001 2345 MTLC AST0 01S>',
    '{"iban":"<CH9300762011623852957>"}',
    'x\\n<BE68539007547034>',
  ],
  api_key: [
    'OPENAI_API_KEY=<sk-proj-abc123DEF456ghi789JKL012mno345>',
    '<sk-ant-api03-AAAAbbbb1111CCCCdddd2222-EEEE_ffff3333>',
    'use <ghp_16C7e42F292c6912E7710c838347Ae178B4a>.',
    '<github_pat_11ABCDEFG0aBcDeFgHiJkL_mNoPqRsTuVwXyZ0123456789>',
    '<xoxb-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx>',
    '<AKIAIOSFODNN7EXAMPLE>',
    '<AIzaSyA-1234567890abcdefghijklmnopqrstu>',
    '<hf_AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh>',
    '<phc_Abc123Def456Ghi789Jkl012Mno345Pqr678>',
    'Stripe <sk_live_4eC39HqLyjWDarjtT1zdp7dcABCD>',
    '<eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U>',
    '{"api_key": "<0123456789abcdef0123456789abcdef>"}',
    '{\\"apiKey\\":\\"<0123456789abcdef>\\"}',
    'x-api-key: <a1b2c3d4e5f6a7b8c9d0>',
    'https://x.example/?access_token=<a1b2c3d4e5f6a7b8c9d0>&n=1',
    'client_secret = "<Zm9vYmFyMTIzNDU2Nzg5MA==>"'.replace('==>', '>=='),
    'password: <hunter2x>',
    'keys\\n<sk-or-v1-0123456789abcdef0123456789abcdef>',
    '<-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabc\n-----END RSA PRIVATE KEY-----> end',
    '<-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA cut off>',
  ],
  bearer_token: [
    'Authorization: Bearer <abcdef>',
    'Authorization: Bearer <eyJhbGciOiJIUzI1NiJ9.e30.x>',
    '"authorization":"Basic <dXNlcjpwYXNz>"',
    '{\\"Authorization\\":\\"Bearer <abc123def456ghi7>\\"}',
    'curl -H "authorization: token <a1b2c3d4e5>"',
    'send bearer <a1b2c3d4e5f6a7b8c9d0> along',
    'Proxy-Authorization: <abcdefgh12345678>',
  ].map((text) => text.replace('<abcdef>', '<abcdefgh>')),
  ip_address: [
    'from <203.0.113.7>.',
    '<192.168.1.10>:8080',
    'http://<10.0.0.1>/x',
    '"ip":"<8.8.8.8>"',
    'a\\n<203.0.113.7>',
    '<2001:db8::1> and <2001:0db8:85a3:0000:0000:8a2e:0370:7334>.',
    '[<2001:db8::7>]:443',
    '<::ffff:192.0.2.128>',
    '<fe80::1ff:fe23:4567:890a>%eth0',
  ],
};

/** Text that no redactor of the list may touch. */
const INNOCENT = [
  'In 2024 there were 1234567 rows, 98.6 % of 4,000,000.',
  'on 2024-01-15 at 12:33:11, 15.01.2024, 01/15/2024, 01-02-2024 10:30',
  '2024-01-15T12:33:11.123456789Z, 2024-01-15T12:33:11+02:00',
  'ms 1717171717171, s 1717171717, ns 1717171717171717171',
  '550e8400-e29b-41d4-a716-446655440000',
  '12345678-1234-1234-1234-123456789012',
  'version 1.2.3, v1.2.3.4, 120.0.6099.71, 2.0.0-beta.1',
  'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  '[0.4111111111111111, -0.5555555555554444, 3.7828224631000503]',
  '{"id":4111111111111112,"count":12345678901234}',
  'order 4155552671, id=2125551234, 0001234567890',
  '512 768 1024, 1 2 3 4 5 6 7 8, 100-200-300',
  '+1 500 000 000 dollars, +200 %, 1+12345678=x',
  'std::vector<int> a::b c::d, 12:30:45, aa:bb:cc:dd:ee:ff, ratio 16:9',
  'localhost 127.0.0.1 ::1 0.0.0.0 255.255.255.0',
  '@types/node@20.1.0, npm i vitest@latest, icon@2x.png, @media, user@localhost',
  'git@github.com:org/repo.git',
  'DE12, GB00 0000, DE89370400440532013001, ISO4217 EUR',
  'sk-learn, task-management-for-everyone, risk-averse, hf_hub_download, npm_config_registry',
  'max_tokens: 4096, "token": "gpt-4o", token count: 123456, tokenizer=cl100k_base',
  'secret: none, password: required, passwords = true, api key rotation policy',
  'basic understanding of bearer certificates, Bearer <token>, Authorization header',
  'SELECT * FROM t WHERE a = 10 AND b IN (1, 2, 3);',
  'const x = arr.map((v) => v * 2); // 0x4111111111111111',
  'matrix 3x3: 1 0 0 / 0 1 0 / 0 0 1',
  'src/components/Header2/index.tsx:120:15',
  'Section 1.1, chapter 4.2.1, room 030, extension 12-34',
  'ISBN 978-3-16-148410-0, EAN 4006381333931',
  '纽约 2024年1月15日 12:30',
];

const CASES = REDACTOR_NAMES.flatMap((name) => FOUND[name].map((marked) => [name, marked] as const));

describe('redactors', () => {
  it.each(CASES)('%s: %s', (name, marked) => {
    const text = marked.replaceAll(/<(?!int|token)|>/g, '');
    const expected = marked.replaceAll(/<[^>]*>/gs, `[${name}]`);
    expect(redact(name, text)).toBe(expected);
  });

  it.each(INNOCENT)('leaves alone: %s', (text) => {
    for (const name of REDACTOR_NAMES) expect({ name, text: redact(name, text) }).toEqual({ name, text });
  });

  it('keeps JSON readable inside JSON text', () => {
    const inner = JSON.stringify({
      a: 'one\nx@example.com\ttwo',
      b: '\n+49 30 1234567',
      c: ['\n4111 1111 1111 1111'],
    });
    const redacted = REDACTORS.reduce((text, { redact }) => redact(text), inner);
    expect(JSON.parse(redacted)).toEqual({ a: 'one\n[email]\ttwo', b: '\n[phone]', c: ['\n[credit_card]'] });
  });

  it('applies in the order of the table, whatever order is asked for', () => {
    const names = redactorsNamed(['phone', 'email', 'bearer_token']).map(({ name }) => name);
    expect(names).toEqual(['bearer_token', 'email', 'phone']);
  });

  it('has each name once', () => {
    expect(REDACTORS.map(({ name }) => name).sort()).toEqual([...REDACTOR_NAMES].sort());
  });

  it('is not fooled by its own notices', () => {
    for (const { redact: first } of REDACTORS) {
      for (const { notice } of REDACTORS) expect(first(`a ${notice} b`)).toBe(`a ${notice} b`);
    }
  });
});
