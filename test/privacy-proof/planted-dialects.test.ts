import { beforeAll, describe, expect, it } from 'vitest';
import { BUNDLED_TEMPERATURE, plantDialects } from './support/dialect-load.ts';
import { type Output, runPlainly } from './support/export-run.ts';
import { createSecretBook, secretsIn } from './support/secrets.ts';

const book = createSecretBook();
const loads = plantDialects(book);
const dialects = loads.filter(({ spans }) => spans.length > 0).map(({ name }) => name);

/** Where a dialect's content arrives. */
const CONTENT = [
  ...['$ai_input', '$ai_output_choices', '$ai_input_state', '$ai_output_state', '$ai_error'],
  ...['$ai_prompt_template', '$ai_prompt_variables'],
];

let off: Output;
let on: Output;
/** Secrets that arrive as content: their attributes are content by the dialect's own rules. */
let content: ReadonlySet<number>;

beforeAll(async () => {
  off = await runPlainly(loads, {});
  on = await runPlainly(loads, { privacyMode: true });
  const partly = [
    ...secretsOf(off, ['$ai_tools']),
    ...secretsOf(off, ['$ai_model_parameters'], isWholeRequest),
  ];
  // The application's own metadata is sent.
  const isMetadata = (id: number) => book.planted[id]?.place.includes(' braintrust.metadata ');
  content = new Set([...secretsOf(off, CONTENT), ...partly].filter((id) => isNoName(id) && !isMetadata(id)));
});

describe('every place that a dialect reads content from', () => {
  it('is known to this test', () => {
    expect(dialects.length).toBeGreaterThanOrEqual(30);
    const seen = new Set([...content].map((id) => book.planted[id]?.source));
    // These have settings of their own, and no content.
    expect(dialects.filter((dialect) => !seen.has(dialect))).toEqual(['vllm', 'codex']);
    expect(content.size).toBeGreaterThan(1_500);
  });

  it('is content as an attribute as well', () => {
    const left = on.bodies.flatMap((part) => [...secretsIn(part)]);
    expect(placesOf(new Set(left.filter((id) => content.has(id))))).toEqual([]);
  });

  it('leaves nothing in what PostHog reads, and nothing in names of properties', () => {
    const properties = [...on.events.values()].map((event) => event.properties as object);
    const own = properties.map((all) => Object.entries(all).filter(([name]) => name.startsWith('$')));
    const left = new Set(own.flatMap((entries) => [...secretsIn(JSON.stringify(entries))]));
    expect(placesOf(new Set([...left].filter(isNoName)))).toEqual([]);
    expect(properties.flatMap((all) => Object.keys(all).filter((name) => secretsIn(name).size > 0))).toEqual(
      [],
    );
  });
});

/** Texts in place of tools are read as their names, and single words of settings as settings; both are sent. */
function isNoName(id: number): boolean {
  const place = book.planted[id]?.place ?? '';
  return !/^toolDefinitions .* as (?:sentence|word|list of texts)$|^parameters .* as word$/.test(place);
}

type Properties = Readonly<Record<string, unknown>>;

function isWholeRequest({ $ai_model_parameters: settings }: Properties): boolean {
  return (settings as { temperature?: unknown } | undefined)?.temperature === BUNDLED_TEMPERATURE;
}

/** Secrets in these properties, of the events that count. */
function secretsOf(
  { events }: Output,
  names: readonly string[],
  counts: (properties: Properties) => boolean = () => true,
): Set<number> {
  const all = [...events.values()].map((event) => event.properties as Properties).filter(counts);
  return new Set(all.flatMap((own) => [...secretsIn(JSON.stringify(names.map((name) => own[name])))]));
}

function placesOf(ids: ReadonlySet<number>): string[] {
  return [...ids].map((id) => `${book.planted[id]?.source}: ${book.planted[id]?.place}`);
}
