import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dialect, Source } from '../../../src/translate/dialects/dialect.ts';
import { DIALECTS } from '../../../src/translate/dialects/registry.ts';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { span } from '../../support/spans.ts';

/** Anything an instrumentation may set by mistake, JSON of anything included. */
const value = fc.oneof(
  fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true, withSparseArray: true }),
  fc.json({ maxDepth: 4 }),
  fc.string(),
  fc.constantFrom(Number.NaN, '{', '[', '""', '__REDACTED__'),
);

/** Every attribute name that the dialect reads or is recognised by. */
function keysOf(dialect: Dialect): string[] {
  const keys = [
    ...(dialect.detect.attributes ?? []),
    ...(dialect.detect.prefixes ?? []).map((prefix) => `${prefix}x`),
  ];
  for (const sources of Object.values(dialect.fields)) {
    for (const source of sources as readonly Source<unknown>[]) {
      if (source.from === 'attribute') keys.push(source.key);
      if (source.from === 'prefix') keys.push(`${source.prefix}0.x`, `${source.prefix}text`);
    }
  }
  return [...new Set(keys)];
}

describe('no value makes a dialect throw', () => {
  it.each(
    DIALECTS.filter((dialect) => keysOf(dialect).length > 0).map((dialect) => [dialect.id, dialect] as const),
  )('%s', (_id, dialect) => {
    const keys = keysOf(dialect);
    const scope = dialect.detect.scopes?.[0]?.replace('*', 'x') ?? 'test';
    const kind = fc.constantFrom('client', 'internal', 'server');
    const attributes = fc.array(fc.tuple(fc.constantFrom(...keys), value), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(attributes, kind, (entries, spanKind) => {
        const result = readCall(span({ scope, kind: spanKind, attributes: Object.fromEntries(entries) }));
        expect(['call', 'foreign']).toContain(result.type);
      }),
      { numRuns: 150 },
    );
  });
});
