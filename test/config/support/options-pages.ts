import { OPTION_GROUPS, type OptionGroup, type OptionRow } from '../../../src/config/option-row.ts';
import { EXPORTER_OPTIONS } from '../../../src/config/option-table.ts';
import { PROCESSOR_OPTIONS } from '../../../src/config/processor-option-table.ts';

export const ALL_OPTIONS: Readonly<Record<string, OptionRow<never, unknown>>> = {
  ...EXPORTER_OPTIONS,
  ...PROCESSOR_OPTIONS,
};

const START = '<!-- options-table:start -->';
const END = '<!-- options-table:end -->';
const MADE =
  '<!-- Made by `npm run docs:options` from the table that the code uses; changes by hand are lost. -->';

const TITLES: Readonly<Record<OptionGroup, string>> = {
  destination: 'Where to',
  content: 'What an event holds',
  calls: 'Which calls are sent',
  delivery: 'How it is delivered',
  reporting: 'What the exporter says of itself',
  processor: '`PostHogLLMSpanProcessor` takes these as well',
};

/** The page with its table of options made anew. Fails when the markers are not there, once each and in order. */
export function withOptionsTable(page: string, detail: 'short' | 'long'): string {
  const start = page.indexOf(START);
  const end = page.indexOf(END);
  if (start < 0 || end < start || page.indexOf(START, start + 1) >= 0) {
    throw new Error(`The page needs ${START} and ${END}, once each`);
  }
  const table = detail === 'short' ? shortTable() : longTables();
  return `${page.slice(0, start)}${START}\n${MADE}\n\n${table}\n\n${page.slice(end)}`;
}

/** The default as documentation shows it, without the marks of code. */
export function defaultOf({ defaultText, fallback }: OptionRow<never, unknown>): string {
  if (defaultText !== undefined) return defaultText;
  return fallback === undefined ? 'none' : `\`${String(fallback)}\``;
}

function shortTable(): string {
  const rows = Object.entries(ALL_OPTIONS)
    .filter(([, { group }]) => group !== 'processor')
    .map(([name, row]) => [`\`${name}\``, row.description, variableOf(row), defaultOf(row)]);
  return table(['Option', 'What it does', 'Environment', 'Default'], rows);
}

function longTables(): string {
  return OPTION_GROUPS.map((wanted) => {
    const rows = Object.entries(ALL_OPTIONS)
      .filter(([, { group }]) => group === wanted)
      .map(([name, row]) => [
        `\`${name}\``,
        row.rule.type.includes('`') ? row.rule.type : `\`${row.rule.type}\``,
        defaultOf(row),
        variableOf(row),
        row.rule.schema === undefined ? '' : 'yes',
        row.description,
      ]);
    const header = ['Option', 'Type', 'Default', 'Environment', 'In a file', 'What it does'];
    return `### ${TITLES[wanted]}\n\n${table(header, rows)}`;
  }).join('\n\n');
}

function variableOf({ environment }: OptionRow<never, unknown>): string {
  return environment === undefined ? '' : `\`${environment.variable}\``;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
