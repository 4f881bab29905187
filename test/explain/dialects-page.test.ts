import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { DIALECTS } from '../../src/translate/dialects/registry.ts';
import { PROPERTY_TABLE } from '../../src/translate/event/property-table.ts';
import { renderDialectsPage } from './dialects-page.ts';

const PAGE = join(import.meta.dirname, '../../docs/dialects.md');

/** Set by `npm run docs:dialects`: the page is written instead of compared. */
const isUpdate = process.env['UPDATE_DOCS'] === '1';

it('docs/dialects.md is up to date', () => {
  const page = renderDialectsPage();
  if (isUpdate) {
    mkdirSync(dirname(PAGE), { recursive: true });
    writeFileSync(PAGE, page);
  }
  expect(existsSync(PAGE), 'run npm run docs:dialects').toBe(true);
  expect(readFileSync(PAGE, 'utf8'), 'run npm run docs:dialects').toBe(page);
});

it('names every dialect, and every property that a dialect can fill', () => {
  const page = renderDialectsPage();
  for (const { id } of DIALECTS) expect(page).toContain(`\`${id}\``);
  for (const { property, facts } of PROPERTY_TABLE) {
    if (facts.length > 0) expect(page).toContain(`\`${property}\``);
  }
});
