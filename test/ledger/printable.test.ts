import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createOutput } from '../../src/cli/io.ts';
import { renderExplanations } from '../../src/explain/render.ts';
import { guardLogger } from '../../src/ledger/log.ts';
import { printable, printableLine } from '../../src/ledger/printable.ts';
import { explainWith } from '../support/explain-with.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { span } from '../support/spans.ts';

/** A window title, colours, a C1 introducer, a turned direction, a line separator, a carriage return. */
const HOSTILE = [
  '\x1b]0;title\x07',
  '\x1b[31mred',
  '\x9b2J',
  '\u202egnp.exe',
  '\u2066x\u2069',
  '\u2028',
  '\r',
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const RAW = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

describe.each(HOSTILE)('%j', (hostile) => {
  const evil = `chat ${hostile} end`;
  const views = [
    span({
      name: evil,
      scope: { name: evil, version: evil },
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': evil,
        [`x${hostile}`]: 'v',
        [`trace.metadata.k${hostile}`]: evil,
        'trace.trace_name': evil,
      },
    }),
  ];

  it.each([true, false])('is not printed by explain as it is: content shown %s', (showContent) => {
    const text = renderExplanations(explainWith(views, { showContent }));
    expect(text).not.toMatch(RAW);
    expect(text).toContain('chat \\u');
  });

  it('is not printed by the command line, and JSON stays the same', () => {
    const stdout = new PassThrough();
    const output = createOutput({ stdin: new PassThrough(), stdout, stderr: new PassThrough(), env: {} });
    output.print(JSON.stringify({ evil }));
    const printed = String(stdout.read());
    expect(printed).not.toMatch(RAW);
    expect(JSON.parse(printed)).toEqual({ evil });
  });

  it('does not reach a logger', () => {
    const logger = createRecordingLogger();
    guardLogger(logger).warn(evil);
    expect(logger.lines.join()).not.toMatch(RAW);
    expect(printableLine(evil)).not.toMatch(RAW);
  });
});

it('leaves text of any language, tabs and the ends of lines', () => {
  const text = 'Zürich, 東京, עברית, ไทย 😀\n\tx';
  expect(printable(text)).toBe(text);
  expect(printableLine('a\nb')).toBe(String.raw`a\u000ab`);
});
