import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { answersTable, metricsTable, settingsTable, withTable } from './support/gateway-pages.ts';

const PAGE = join(import.meta.dirname, '../../docs/gateway.md');

/** Set by `npm run docs:options`: the file is written instead of compared. */
const isUpdate = process.env['UPDATE_DOCS'] === '1';

it.each([
  ['gateway-settings', settingsTable],
  ['gateway-answers', answersTable],
  ['gateway-metrics', metricsTable],
])('%s of docs/gateway.md is up to date', (marker, table) => {
  const page = readFileSync(PAGE, 'utf8');
  const wanted = withTable(page, marker, table());
  if (isUpdate && wanted !== page) writeFileSync(PAGE, wanted);
  expect(readFileSync(PAGE, 'utf8'), 'run npm run docs:options').toBe(wanted);
});
