import { type ContentRow, TREATMENT_WORDS } from '../../../src/translate/privacy/content-row.ts';
import { CONTENT_TABLE } from '../../../src/translate/privacy/content-table.ts';
import { MESSAGE_ROW } from '../../../src/translate/privacy/custom-values.ts';
import { REDACTORS } from '../../../src/translate/privacy/redactors.ts';

/**
 * Markdown table of what is sent of each property, by default and in privacy mode.
 * @param maxNames names in one row; of more only the first are shown, and how many there are. Default: all.
 */
export function privacyTable(maxNames = Number.POSITIVE_INFINITY): string {
  const rows = [...CONTENT_TABLE, MESSAGE_ROW].map((row) => [
    namesOf(row, maxNames),
    row.holds,
    TREATMENT_WORDS[row.byDefault],
    TREATMENT_WORDS[row.inPrivacyMode],
  ]);
  const rest = [
    'everything else',
    'Tokens, cost, model, timing, status, ids, custom metadata',
    'sent',
    'sent',
  ];
  return table(['Property', 'Holds', 'By default', 'In privacy mode'], [...rows, rest]);
}

/** Markdown table of the ready-made maskers. */
export function redactorTable(): string {
  return table(
    ['`redact`', 'Replaces', 'With'],
    REDACTORS.map(({ name, finds, notice }) => [`\`${name}\``, finds, `\`${notice}\``]),
  );
}

function namesOf({ names }: ContentRow, maxNames: number): string {
  if (names.length === 0) return 'any custom property';
  const shown = names.slice(0, maxNames).map((name) => `\`${name}\``);
  const more = names.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
