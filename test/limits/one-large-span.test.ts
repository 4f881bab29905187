import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve-config.ts';
import { readSdkSpan } from '../../src/translate/span/read-sdk-span.ts';
import { createTraceMemory } from '../../src/translate/trace/resolve-batch.ts';
import { translateBatch } from '../../src/translate/translate-batch.ts';
import { translateOptionsOf } from '../../src/translate/translate-options.ts';
import { chatAttributes, createSpanMaker } from '../support/real-spans.ts';
import { threadCpuMs } from '../support/thread-cpu.ts';

// The caller may give way after each step, so the longest step is how long the event loop is held.

const MIB = 1024 * 1024;
const options = translateOptionsOf(resolveConfig({ apiKey: 'phc_large_span' }, {}), () => 8 * MIB);
const maker = createSpanMaker();

const ofLength = (unit: string, units: number) => unit.repeat(Math.ceil(units / unit.length)).slice(0, units);
const CONTENTS: Readonly<Record<string, (units: number) => string>> = {
  prose: (units) => ofLength('lorem ipsum dolor ', units),
  'Japanese prose': (units) => ofLength('漢字かな交じり文です。', units),
  'text full of escapes': (units) => ofLength('line "quoted"\n\t\\path\\ ', units),
};

/** The most CPU of one step, as a part of all of it; the least of a few tries. */
function longestShare(content: string, tries = 2): number {
  const shares = Array.from({ length: tries }, () => {
    const spans = [readSdkSpan(maker.make('chat', chatAttributes(content)))];
    let longestMs = 0;
    let allMs = 0;
    let startMs = threadCpuMs();
    for (const step of translateBatch({ spans, extras: [], memory: createTraceMemory() }, options)) {
      const ms = threadCpuMs() - startMs;
      longestMs = Math.max(longestMs, ms);
      allMs += ms;
      if (step.type === 'event') expect(step.fitted).toHaveProperty('json');
      startMs = threadCpuMs();
    }
    return longestMs / allMs;
  });
  return Math.min(...shares);
}

describe('a span of 10 MiB', () => {
  it.each(Object.entries(CONTENTS))('of %s is worked on in many steps', (_, make) => {
    // In one go it would be nearly all.
    expect(longestShare(make(10 * MIB))).toBeLessThan(0.6);
  });
});
