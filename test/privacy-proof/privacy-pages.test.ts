import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTENT_TABLE } from '../../src/translate/privacy/content-table.ts';
import { REDACTORS } from '../../src/translate/privacy/redactors.ts';
import { renderPrivacyPage, withPrivacySection } from './support/privacy-pages.ts';

const ROOT = join(import.meta.dirname, '../..');
const README = join(ROOT, 'README.md');
const PAGE = join(ROOT, 'docs/privacy.md');

/** Set by `npm run docs:privacy`: the pages are written instead of compared. */
const isUpdate = process.env['UPDATE_DOCS'] === '1';

describe('what the documentation says of privacy', () => {
  it('is up to date in README.md', () => {
    const readme = readFileSync(README, 'utf8');
    const wanted = withPrivacySection(readme);
    if (isUpdate && wanted !== readme) writeFileSync(README, wanted);
    expect(readFileSync(README, 'utf8'), 'run npm run docs:privacy').toBe(wanted);
  });

  it('is up to date in docs/privacy.md', () => {
    if (isUpdate) writeFileSync(PAGE, renderPrivacyPage());
    expect(readFileSync(PAGE, 'utf8'), 'run npm run docs:privacy').toBe(renderPrivacyPage());
  });

  it('has a line for every row of the table and every masker', () => {
    const readme = readFileSync(README, 'utf8');
    for (const { holds } of CONTENT_TABLE) expect(readme).toContain(`| ${holds} |`);
    for (const { name } of REDACTORS) expect(readme).toContain(`| \`${name}\` | `);
    const page = readFileSync(PAGE, 'utf8');
    for (const name of CONTENT_TABLE.flatMap(({ names }) => names)) expect(page).toContain(`\`${name}\``);
  });

  it.each([
    ['no markers', '# Readme'],
    ['one marker', '<!-- privacy-table:start -->'],
    ['markers the wrong way round', '<!-- privacy-table:end --> <!-- privacy-table:start -->'],
    [
      'a marker twice',
      '<!-- privacy-table:start --> <!-- privacy-table:start --> <!-- privacy-table:end -->',
    ],
  ])('does not touch a README with %s', (_what, readme) => {
    expect(() => withPrivacySection(readme)).toThrow(/privacy-table/);
  });
});
