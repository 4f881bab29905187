import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderConfigSchema } from './support/config-schema.ts';
import { ALL_OPTIONS, defaultOf, withOptionsTable } from './support/options-pages.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Set by `npm run docs:options`: the files are written instead of compared. */
const isUpdate = process.env['UPDATE_DOCS'] === '1';

function compare(name: string, make: (text: string) => string): void {
  const path = join(ROOT, name);
  const text = readFileSync(path, 'utf8');
  const wanted = make(text);
  if (isUpdate && wanted !== text) writeFileSync(path, wanted);
  expect(readFileSync(path, 'utf8'), 'run npm run docs:options').toBe(wanted);
}

describe('what is printed from the table of options', () => {
  it('is up to date in README.md', () => {
    compare('README.md', (page) => withOptionsTable(page, 'short'));
  });

  it('is up to date in docs/configuration.md', () => {
    compare('docs/configuration.md', (page) => withOptionsTable(page, 'long'));
  });

  it('is up to date in config.schema.json, the schema for editors', () => {
    compare('config.schema.json', renderConfigSchema);
  });

  it.each([
    ['no markers', '# Readme'],
    ['markers the wrong way round', '<!-- options-table:end --> <!-- options-table:start -->'],
    [
      'a marker twice',
      '<!-- options-table:start --> <!-- options-table:start --> <!-- options-table:end -->',
    ],
  ])('is not put into a page with %s', (_what, page) => {
    expect(() => withOptionsTable(page, 'short')).toThrow(/options-table/);
  });
});

/** The documentation comment of each member of an interface, by name. */
function commentsIn(file: string): ReadonlyMap<string, string> {
  const source = readFileSync(join(ROOT, 'src/config', file), 'utf8');
  const members = source.matchAll(/^ {2}\/\*\*((?:(?!\*\/).)*)\*\/\n {2}readonly (\w+)\?/gms);
  return new Map(
    [...members].map(([, comment = '', name = '']) => [name, comment.replace(/\s*\n\s*\*/g, '')]),
  );
}

describe.each(Object.entries(ALL_OPTIONS))('the documentation comment of %s', (name, row) => {
  const comment =
    commentsIn(row.group === 'processor' ? 'processor-options.ts' : 'options.ts').get(name) ?? '';

  it('says the default of the table', () => {
    const said = /(?:Default: (.*?)(?:,|;|\.\s|\.$)|(Required))/.exec(`${comment} `)?.slice(1).join('') ?? '';
    const wanted = row.fallback === undefined || row.defaultText ? '' : defaultOf(row).replaceAll('`', '');
    expect(said, `write "Default: …" into the comment of ${name} in src/config/options.ts`).not.toBe('');
    expect(said.replaceAll(/[`']/g, '')).toContain(wanted);
  });

  it('names the variable of the table, and no other', () => {
    const named = /Environment: `(\w+)/.exec(comment)?.[1];
    expect(named, `write "Environment: …" into the comment of ${name} in src/config/options.ts`).toBe(
      row.environment?.variable,
    );
  });
});
