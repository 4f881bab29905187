import { type ContentRow, TREATMENT_WORDS } from '../../../src/translate/privacy/content-row.ts';
import { contentTable } from '../../../src/translate/privacy/content-table.ts';
import { MESSAGE_ROW } from '../../../src/translate/privacy/custom-values.ts';
import { REDACTORS } from '../../../src/translate/privacy/redactors.ts';

/** Markdown table of what is sent of each property, by default and in privacy mode. */
export function privacyTable(): string {
  const rows = [...contentTable(), MESSAGE_ROW].map((row) => [
    namesOf(row),
    row.holds,
    TREATMENT_WORDS[row.byDefault],
    TREATMENT_WORDS[row.inPrivacyMode],
  ]);
  const rest = [
    'everything else',
    'Tokens, cost, timing, status, ids, metadata that the application sets by `withTrace` or `trace.*`',
    'sent',
    'sent',
  ];
  const unknown = [
    'metadata and tags that an instrumentation fills, attributes listed by a pattern, `$ai_…` that PostHog does not know',
    'What nobody vouches for',
    'sent',
    'numbers, booleans, and texts in the form of a name or id (one word, ASCII), under such names; the rest is removed',
  ];
  return table(['Property', 'Holds', 'By default', 'In privacy mode'], [...rows, unknown, rest]);
}

/** Markdown table of the ready-made maskers. */
export function redactorTable(): string {
  return table(
    ['`redact`', 'Replaces', 'With'],
    REDACTORS.map(({ name, finds, notice }) => [`\`${name}\``, finds, `\`${notice}\``]),
  );
}

function namesOf({ names }: ContentRow): string {
  return names.length === 0 ? 'any custom property' : names.map((name) => `\`${name}\``).join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
