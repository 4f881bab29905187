import { CONTENT_TABLE, type ContentRow, TREATMENT_WORDS } from './content-table.ts';
import { REDACTORS } from './redactors.ts';

/** Markdown table of what is sent of each property, by default and in privacy mode. */
export function privacyTable(): string {
  const rows = CONTENT_TABLE.map((row) => [
    namesOf(row),
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

function namesOf({ names }: ContentRow): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
