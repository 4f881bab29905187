import { describe, expect, expectTypeOf, it } from 'vitest';
import { parseBytes } from '../../src/config/byte-size.ts';
import { meantOption } from '../../src/config/option-names.ts';
import type { OptionsGiven } from '../../src/config/option-row.ts';
import type { EXPORTER_OPTIONS } from '../../src/config/option-table.ts';
import type { PostHogLLMSpanExporterOptions } from '../../src/config/options.ts';
import type { PROCESSOR_OPTIONS } from '../../src/config/processor-option-table.ts';
import type { SpanProcessorOptions } from '../../src/config/processor-options.ts';
import { ALL_OPTIONS } from './support/options-pages.ts';

// `npm run typecheck` is the test: the interfaces that users see and the tables have the same names and types.
describe('the tables and the public interfaces agree', () => {
  it('on the exporter', () => {
    expectTypeOf<OptionsGiven<typeof EXPORTER_OPTIONS>>().toEqualTypeOf<PostHogLLMSpanExporterOptions>();
  });

  it('on the processor', () => {
    expectTypeOf<OptionsGiven<typeof PROCESSOR_OPTIONS>>().toEqualTypeOf<SpanProcessorOptions>();
  });
});

describe.each(Object.entries(ALL_OPTIONS))('the row of %s', (name, row) => {
  it('has a default that the rule takes, or none', () => {
    if (row.fallback === undefined || row.resolve !== undefined) return;
    expect(row.rule.flaw(row.fallback, 'option')).toBeUndefined();
  });

  it('has a description without full stop', () => {
    expect(row.description).toMatch(/^\S.*[^.\s]$/);
  });

  it('has look-alikes that mean no other option', () => {
    for (const like of row.lookAlikes ?? []) {
      expect(Object.keys(ALL_OPTIONS)).not.toContain(like);
      expect(meantOption(like, ALL_OPTIONS), like).toBe(name);
    }
  });
});

describe('a name that is no option', () => {
  it.each([
    ['host', 'endpoint'],
    ['projectToken', 'apiKey'],
    ['url', 'endpoint'],
    ['privacy', 'privacyMode'],
    ['privacy_mode', 'privacyMode'],
    ['privacymode', 'privacyMode'],
    ['masking', 'mask'],
    ['redactors', 'redact'],
    ['samplingrate', 'samplingRate'],
    ['samplingRates', 'samplingRate'],
    ['smaplingRate', 'samplingRate'],
    ['tiemoutMs', 'timeoutMs'],
    ['batchSize', 'maxExportBatchSize'],
    ['colour', undefined],
    ['service', undefined],
    ['x', undefined],
  ])('%s is meant to be %s', (name, meant) => {
    expect(meantOption(name, ALL_OPTIONS)).toBe(meant);
  });
});

describe('a size', () => {
  it.each([
    ['64 MiB', 67_108_864],
    ['64MiB', 67_108_864],
    ['1.5 KiB', 1_536],
    ['2 GB', 2_000_000_000],
    ['4096', 4_096],
    ['10 kB', 10_000],
    ['5 B', 5],
    ['64 mib', undefined],
    ['-1', undefined],
    ['MiB', undefined],
    ['1e3', undefined],
    ['', undefined],
  ])('%s is %s bytes', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });
});
