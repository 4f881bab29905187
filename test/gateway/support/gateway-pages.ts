import type { JsonSchema } from '../../../src/config/option-row.ts';
import {
  ACKNOWLEDGE_RULE,
  GATEWAY_SETTINGS,
  type SettingRow,
} from '../../../src/gateway/config/gateway-settings.ts';
import { METRICS } from '../../../src/gateway/observe/prometheus.ts';
import { REFUSALS, type RefusalReason } from '../../../src/gateway/receive/otlp-answer.ts';

type Rows = Readonly<Record<string, SettingRow<unknown>>>;

const SECTIONS: readonly (readonly [string, Rows])[] = Object.entries(GATEWAY_SETTINGS);

/** Every setting that is no option of a destination, as a table. */
export function settingsTable(): string {
  const rows = SECTIONS.flatMap(([section, settings]) =>
    Object.entries(settings).map(([name, { description, rule, fallback, defaultText }]) => {
      const shown = defaultText ?? String(fallback);
      return `| \`${section}.${name}\` | ${description} | \`${rule.type.replaceAll('|', '\\|')}\` | ${shown} |`;
    }),
  );
  return ['| Setting | | Type | Default |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** When a refusal is given. */
const WHEN: Readonly<Record<RefusalReason, string>> = {
  'bad-request': 'the body cannot be read; the message says where, never what',
  unauthenticated: 'no sender has the key; before the body is read',
  'forbidden-host': 'on loopback, the `Host` header names another server',
  'unknown-path': 'another path; the message names the right ones',
  'wrong-method': 'another method than POST or PUT',
  'too-large': 'over `listen.maxBodyBytes`, as received or as inflated',
  'unsupported-type': 'another content type or encoding; the message names those that are taken',
  'no-room': 'the memory is used up and no destination can take it to disk; `Retry-After` 1 to 5',
  'not-delivered': 'not stored or delivered within 4 seconds; `Retry-After: 1`',
  stopping: 'the gateway is stopping; `Retry-After: 1`',
};

/** Every answer of OTLP/HTTP, as a table. */
export function answersTable(): string {
  const taken = [
    [
      '200',
      'taken, in the encoding of the request; also without any spans, and for metrics, which are not used',
    ],
    ['200', '`partialSuccess`: spans without ids were passed over'],
  ];
  const refused = Object.entries(REFUSALS)
    .map(([reason, { httpStatus }]) => [String(httpStatus), WHEN[reason as RefusalReason]])
    .sort(([one = ''], [other = '']) => one.localeCompare(other));
  const rows = [...taken, ...refused].map(([status, when]) => `| ${status} | ${when} |`);
  return ['| Status | When |', '| --- | --- |', ...rows].join('\n');
}

/** Every metric, beside the Collector's, as a table. */
export function metricsTable(): string {
  const rows = METRICS.map(
    ({ name, type, help, collectorName = '' }) =>
      `| \`${name}\` | ${type} | ${help} | ${collectorName
        .split(', ')
        .map((each) => each && `\`${each}\``)
        .join(', ')} |`,
  );
  return ['| Metric | Type | | In the Collector |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** Sections of the file for editors. */
export function gatewaySchema(): Readonly<Record<string, JsonSchema>> {
  const sections = SECTIONS.map(([section, settings]) => {
    const properties = Object.fromEntries(
      Object.entries(settings).map(([name, { rule, description }]) => [
        name,
        { description, ...rule.schema },
      ]),
    );
    return [section, { type: 'object', additionalProperties: false, properties }];
  });
  const text = { type: 'string', minLength: 1 };
  const sender = {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'key'],
    properties: { name: text, key: text, header: text },
  };
  return {
    ...(Object.fromEntries(sections) as Record<string, JsonSchema>),
    senders: { type: 'array', items: sender },
    acknowledge: ACKNOWLEDGE_RULE.schema ?? {},
  };
}

/** The page with what stands between two markers put in. */
export function withTable(page: string, marker: string, table: string): string {
  const [start, end] = [`<!-- ${marker}:start -->`, `<!-- ${marker}:end -->`];
  const [before = '', rest] = page.split(start);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`The page needs the markers ${start} and ${end}.`);
  return `${before}${start}\n\n${table}\n\n${end}${after}`;
}
