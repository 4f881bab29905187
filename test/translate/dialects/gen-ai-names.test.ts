import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { describe, expect, it } from 'vitest';
import { conventionNames } from '../../../scripts/semconv-names.mjs';
import { GEN_AI_NAMES, type GenAiNameUse } from '../../../src/translate/dialects/gen-ai-names.ts';
import { registryIndex } from '../../../src/translate/reading/registry-index.ts';

const SRC = resolve(import.meta.dirname, '../../../src');
const names = Object.entries(GEN_AI_NAMES) as [string, GenAiNameUse][];

/** Everything in `src` but the table itself, for names that are no attribute of a span. */
const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('gen-ai-names.ts'))
  .map((name) => readFileSync(join(SRC, name), 'utf8'))
  .join('\n');

const isReadAsAttribute = (name: string) => (registryIndex().meaningOf(name)?.sources.length ?? 0) > 0;

describe('GEN_AI_NAMES', () => {
  it('has every name of the conventions that the locked package knows', () => {
    const known = conventionNames(conventions);
    expect(known.length).toBeGreaterThan(60);
    expect(known.filter((name) => !(name in GEN_AI_NAMES))).toEqual([]);
  });

  it('says "attribute" of exactly the names that a dialect reads', () => {
    for (const [name, use] of names) {
      if (use !== 'event') expect([name, isReadAsAttribute(name)]).toEqual([name, use === 'attribute']);
    }
  });

  it('says "event" of names that something reads', () => {
    // The messages of all roles are read by one rule.
    const isMentioned = (name: string) =>
      sources.includes(`'${name}'`) || /^gen_ai\.\w+\.message$/.test(name);
    expect(names.filter(([name, use]) => use === 'event' && !isMentioned(name))).toEqual([]);
  });

  it('says why a name is not read', () => {
    for (const [, use] of names) if (typeof use === 'object') expect(use.notRead).toMatch(/\w \w/);
  });
});
