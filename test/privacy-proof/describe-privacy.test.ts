import { describe, expect, it } from 'vitest';
import { contentTable } from '../../src/translate/privacy/content-table.ts';
import { REDACTORS } from '../../src/translate/privacy/redactors.ts';
import { privacyTable, redactorTable } from './support/describe-privacy.ts';

describe('tables for readers', () => {
  it('name every property of the content table', () => {
    const table = privacyTable();
    for (const name of contentTable().flatMap((row) => row.names)) expect(table).toContain(`\`${name}\``);
    expect(table.split('\n')).toHaveLength(contentTable().length + 5);
  });

  it('name every redactor', () => {
    expect(redactorTable().split('\n')).toHaveLength(REDACTORS.length + 2);
    expect(redactorTable()).toContain(
      '| `iban` | Bank account numbers (IBAN) with correct check digits | `[iban]` |',
    );
  });

  it('are Markdown with as many cells in each line', () => {
    for (const table of [privacyTable(), redactorTable()]) {
      const cells = table.split('\n').map((line) => line.split('|').length);
      expect(new Set(cells).size).toBe(1);
    }
  });
});
