import type { Dialect } from '../../src/translate/dialects/dialect.ts';
import { DIALECTS } from '../../src/translate/dialects/registry.ts';
import { PROPERTY_TABLE } from '../../src/translate/event/property-table.ts';
import { readSpans, translate } from '../corpus/pipeline.ts';
import { listFolders, readManifest, readRecordings } from '../corpus/recordings.ts';

/** Tables of the page, each with the properties that begin so; a property goes to the first that takes it. */
const GROUPS: readonly (readonly [title: string, properties: RegExp])[] = [
  ['Content', /^\$ai_(?:input|output_choices|input_state|output_state|tools)$/],
  ['Tokens', /^\$ai_(?:input|output|total|reasoning)_tokens$/],
  ['Cached tokens', /^\$ai_cache_/],
  ['Tokens by kind of content', /_tokens$/],
  ['Cost', /_usd$|^\$ai_cost/],
  ['Model and outcome', /^\$ai_(?:model|provider|base_url|completion_id|model_parameters|stop_reason)$/],
  ['Time and errors', /^\$ai_(?:stream|time_to_first_token|is_error|error|error_type|http_status)$/],
  ['Identity', /^\$ai_(?:user|session_id|trace_id|parent_id)$|^\$session_id$|^\$groups$/],
  ['Names', /./],
];

/** Facts that become properties under names of the application's choice. */
const CUSTOM = { property: '`metadata_…`', facts: ['metadata', 'tags'] } as const;

/** The page `docs/dialects.md`, from the registry, the table of properties and the recordings. */
export function renderDialectsPage(): string {
  return `${[intro(), recognition(), ...properties()].join('\n\n')}\n`;
}

function intro(): string {
  return `<!-- Made by \`npm run docs:dialects\`; changes by hand are lost. -->

# Dialects

Which instrumentations are read, how their spans are recognised, and which event properties each can fill. All dialects
that recognise a span are read together: where two hold the same fact the earlier in this list is believed, as a rule,
and numbers are never added up. Properties that every span has (ids, times, scope) are not listed.
\`posthog-llm-exporter explain FILE\` shows for your own spans what was taken from where.`;
}

function recognition(): string {
  const recorded = recordedWith();
  const rows = DIALECTS.map((dialect) => [
    dialect.title,
    `\`${dialect.id}\``,
    recognisedBy(dialect),
    recorded.get(dialect.id)?.join(', ') ?? '',
  ]);
  return [
    '## How a span is recognised',
    table(['Dialect', 'Id', 'Recognised by any of', 'Checked with recordings of'], rows),
  ].join('\n\n');
}

function recognisedBy({ detect }: Dialect): string {
  const code = (names: readonly string[] = []) => names.map((name) => `\`${name}\``).join(', ');
  const ways = [
    ['scope', code(detect.scopes)],
    [
      'attribute',
      code([...(detect.attributes ?? []), ...(detect.prefixes ?? []).map((prefix) => `${prefix}*`)]),
    ],
    ['span name', code(detect.spanNames)],
    ['service', code(detect.services)],
  ];
  const known = ways.filter(([, names]) => names !== '').map(([way, names]) => `${way} ${names}`);
  return known.join('; ') || 'nothing of its own: read along on every AI span';
}

/** For each dialect, the packages whose spans it claims in the recordings. */
function recordedWith(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const folder of listFolders()) {
    const [first] = Object.entries(readManifest(folder).packages);
    if (!first) continue;
    const name = instrumentationOf(folder, first);
    const claimed = readRecordings(folder).flatMap((recording) =>
      translate([readSpans(recording)]).map(({ call }) => call.dialect),
    );
    for (const dialect of new Set(claimed)) {
      const known = found.get(dialect) ?? [];
      if (!known.includes(name)) found.set(dialect, [...known, name]);
    }
  }
  return found;
}

/** The package that writes the spans: the instrumentation, else the first, which then does it itself. */
function instrumentationOf(folder: string, [name, version]: readonly [string, string]): string {
  const all = Object.entries(readManifest(folder).packages);
  const instrumentation = all.find(([other]) =>
    /instrumentation|openinference|otel|langfuse|langsmith/.test(other),
  );
  const [chosen, itsVersion] = instrumentation ?? [name, version];
  return `${chosen} ${itsVersion}`;
}

function properties(): string[] {
  const rows = [...PROPERTY_TABLE.filter(({ facts }) => facts.length > 0)];
  return GROUPS.map(([title, pattern]) => {
    const columns = rows.filter(({ property }) => pattern.test(property));
    for (const column of columns) rows.splice(rows.indexOf(column), 1);
    const headed = columns.map(({ property, facts }) => ({ property: `\`${property}\``, facts }));
    const all = title === 'Names' ? [...headed, CUSTOM] : headed;
    const supported = DIALECTS.map((dialect) => [
      dialect.title,
      ...all.map(({ facts }) => (facts.some((fact) => supplies(dialect, fact)) ? 'yes' : '')),
    ]).filter((cells) => cells.includes('yes'));
    return [`## ${title}`, table(['Dialect', ...all.map(({ property }) => property)], supported)].join(
      '\n\n',
    );
  });
}

function supplies({ fields }: Dialect, fact: string): boolean {
  return Object.entries(fields).some(([field, sources]) => field === fact && sources.length > 0);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
