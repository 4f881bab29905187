import { describe, expect, it } from 'vitest';
import { DIALECTS } from '../../../src/translate/dialects/registry.ts';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { span } from '../../support/spans.ts';

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;

/** Values that no instrumentation should write, and some that could. */
const VALUES: readonly (readonly [string, unknown])[] = [
  ['an empty text', ''],
  ['cut-off JSON', '[{"role":"user","content":'],
  ['JSON of another shape', '{"messages":{"0":null},"generations":[[null]],"usage":[],"error":1}'],
  ['deeply nested JSON', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
  ['a prototype', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'],
  ['not a number', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['a negative number', -1],
  ['a huge integer', 10n ** 30n],
  ['nulls', [null, undefined, null]],
  ['a cycle', cyclic],
  ['a symbol', Symbol('x')],
  ['a function', () => 'x'],
  ['a date that is none', new Date(Number.NaN)],
  [
    'an object that throws',
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
        ownKeys: () => {
          throw new Error('no');
        },
      },
    ),
  ],
];

const SUFFIXES = [
  '0',
  '0.message.content',
  '-1.message.role',
  '__proto__',
  '99999999999.role',
  '0.role',
  'text',
  'x',
];

function namesOf(dialect: (typeof DIALECTS)[number]): string[] {
  const sources = Object.values(dialect.fields).flat();
  return [
    ...(dialect.detect.attributes ?? []),
    ...sources.flatMap((source) => {
      if (source.from === 'attribute') return [source.key];
      return source.from === 'prefix' ? SUFFIXES.map((suffix) => source.prefix + suffix) : [];
    }),
  ];
}

describe.each(DIALECTS.map((dialect) => [dialect.id, dialect] as const))('%s', (_id, dialect) => {
  it.each(VALUES)('survives %s in every place', (_what, value) => {
    const attributes = Object.fromEntries(namesOf(dialect).map((name) => [name, value]));
    const scope = dialect.detect.scopes?.[0]?.replace('*', 'x') ?? 'test';
    for (const kind of [undefined, 'LLM', 'AGENT', 'TOOL', 'EMBEDDING', 'RERANKER']) {
      const hostile = { ...attributes, ...(kind === undefined ? {} : { 'openinference.span.kind': kind }) };
      const events = [{ name: 'exception', timeMs: Number.NaN, attributes: hostile }];
      const result = readCall(span({ scope, attributes: hostile, events, startTimeMs: undefined }));
      expect(['call', 'foreign']).toContain(result.type);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
