import { describe, expect, it } from 'vitest';
import { findBase64, MIN_BASE64_CHARACTERS } from '../../../src/translate/media/find-base64.ts';
import { isLinear } from '../../support/linear-time.ts';
import { base64, prose } from './events.ts';

const DATA = base64(3000);
const URI = `data:image/png;base64,${DATA}`;

const runsIn = (text: string) => [...findBase64(text)].filter((run) => run !== undefined);

describe('findBase64', () => {
  const table: [what: string, text: string, found: (readonly [text: string, mimeType?: string])[]][] = [
    ['bare base64', DATA, [[DATA]]],
    ['a data URI', URI, [[URI, 'image/png']]],
    [
      'a data URI with parameters',
      `data:text/plain;charset=utf-8;base64,${DATA}`,
      [[`data:text/plain;charset=utf-8;base64,${DATA}`, 'text/plain']],
    ],
    ['a data URI without a type', `data:;base64,${DATA}`, [[`data:;base64,${DATA}`]]],
    [
      'a data URI of zeros',
      `data:audio/wav;base64,${'A'.repeat(5000)}`,
      [[`data:audio/wav;base64,${'A'.repeat(5000)}`, 'audio/wav']],
    ],
    [
      'in Markdown',
      `see ![x](${URI}) and ${URI}.`,
      [
        [URI, 'image/png'],
        [URI, 'image/png'],
      ],
    ],
    ['in JSON text', `{"data":"${DATA}","n":1}`, [[DATA]]],
    [
      'the URL alphabet',
      DATA.replaceAll('+', '-').replaceAll('/', '_'),
      [[DATA.replaceAll('+', '-').replaceAll('/', '_')]],
    ],
    [
      'just long enough',
      `"${DATA.slice(0, MIN_BASE64_CHARACTERS)}"`,
      [[DATA.slice(0, MIN_BASE64_CHARACTERS)]],
    ],
    ['just too short', `"${DATA.slice(0, MIN_BASE64_CHARACTERS - 1)}"`, []],
    ['prose', prose(100_000), []],
    ['one letter many times', 'a'.repeat(10_000), []],
    ['hex digits', Buffer.from(DATA).toString('hex'), []],
    ['a rule', '-'.repeat(5000), []],
    ['numbers', '0123456789'.repeat(500), []],
    ['nothing', '', []],
  ];
  it.each(table)('%s', (_, text, found) => {
    const runs = runsIn(text);
    expect(runs.map((run) => text.slice(run.start, run.end))).toEqual(found.map(([part]) => part));
    expect(runs.map((run) => run.mimeType)).toEqual(found.map(([, mimeType]) => mimeType));
  });

  it('finds a run wherever it begins', () => {
    const run = DATA.slice(0, MIN_BASE64_CHARACTERS);
    for (let offset = 0; offset <= MIN_BASE64_CHARACTERS; offset += 31) {
      const [found] = runsIn(`${' '.repeat(offset)}${run}${' '.repeat(50)}`);
      expect(found).toMatchObject({ start: offset, end: offset + run.length });
    }
  });

  it('finds runs that are one character apart', () => {
    const run = DATA.slice(0, MIN_BASE64_CHARACTERS);
    for (const before of [
      '',
      ' ',
      ' '.repeat(MIN_BASE64_CHARACTERS - 1),
      ' '.repeat(MIN_BASE64_CHARACTERS),
    ]) {
      expect(runsIn(`${before}${run} ${run}.${run}`)).toHaveLength(3);
    }
  });

  it('is quick on text made of almost long enough words', () => {
    const almost = `${DATA.slice(0, MIN_BASE64_CHARACTERS - 1)} `;
    expect(isLinear((size) => expect(runsIn(almost.repeat(size))).toEqual([]), 1024)).toBe(true);
  });
});
