import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentTable } from '../../src/translate/privacy/content-table.ts';
import { REDACTORS } from '../../src/translate/privacy/redactors.ts';
import { renderPrivacyPage } from './support/privacy-pages.ts';

const PAGE = join(import.meta.dirname, '../../docs/privacy.md');

/** Set by `npm run docs:privacy`: the page is written instead of compared. */
const isUpdate = process.env['UPDATE_DOCS'] === '1';

describe('what the documentation says of privacy', () => {
  it('is up to date', () => {
    if (isUpdate) writeFileSync(PAGE, renderPrivacyPage());
    expect(readFileSync(PAGE, 'utf8'), 'run npm run docs:privacy').toBe(renderPrivacyPage());
  });

  it('has a line for every row of the table and every masker', () => {
    const page = readFileSync(PAGE, 'utf8');
    for (const { holds } of contentTable()) expect(page).toContain(`| ${holds} |`);
    for (const { name } of REDACTORS) expect(page).toContain(`| \`${name}\` | `);
    for (const name of contentTable().flatMap(({ names }) => names)) expect(page).toContain(`\`${name}\``);
  });
});
