import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withBounds } from './bounds-page.ts';

const PAGE = join(import.meta.dirname, '../../docs/delivery.md');

it('the table of bounds in docs/delivery.md is what the code has', () => {
  const page = readFileSync(PAGE, 'utf8');
  const wanted = withBounds(page);
  // Set by `npm run docs:bounds`: the page is written instead of compared.
  if (process.env['UPDATE_DOCS'] === '1' && wanted !== page) writeFileSync(PAGE, wanted);
  expect(readFileSync(PAGE, 'utf8'), 'run npm run docs:bounds').toBe(wanted);
});

it('does not touch a page without the markers', () => {
  expect(() => withBounds('# Delivery')).toThrow(/bounds:start/);
});
