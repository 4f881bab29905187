import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderExplanations } from '../../src/explain/render.ts';
import { readCall } from '../../src/translate/reading/read-call.ts';
import type { SpanView } from '../../src/translate/span/span-view.ts';
import { explainWith } from '../support/explain-with.ts';
import { type Load, plantCorpus } from './support/corpus-load.ts';
import {
  ALL_ATTRIBUTES,
  API_KEY,
  HEADER_VALUE,
  type Output,
  runPlainly,
  runWithRefusals,
  runWithSpool,
  type SentEvents,
} from './support/export-run.ts';
import { KEPT_WORD } from './support/plant.ts';
import { createSecretBook, secretsIn } from './support/secrets.ts';

const book = createSecretBook();
const { loads, recordings } = plantCorpus(book);

/** Enough where it does not matter whose spans they are. */
const some = loads.filter((_load, index) => index % 3 === 0);

/** For the report at the end. */
let searchedBytes = 0;
const seenByDialect = new Map<string, number>();

/** Where the secrets that were found had been planted. */
function placesIn(parts: readonly string[]): string[] {
  searchedBytes += parts.reduce((sum, { length }) => sum + length, 0);
  const ids = new Set(parts.flatMap((part) => [...secretsIn(part)]));
  return [...ids].map((id) => `${book.planted[id]?.source}: ${book.planted[id]?.place}`);
}

/** The same spans, each asking for privacy itself. */
function asking(attribute: string): Load[] {
  return loads.map((load) => ({
    ...load,
    spans: load.spans.map((span) => ({
      ...span,
      attributes: { ...(span as { attributes: object }).attributes, [attribute]: true },
    })),
  }));
}

const THROWS = () => {
  throw new Error('no decision');
};

/** Ways to ask, and ways out. */
const PRIVATE_RUNS: readonly (readonly [asked: string, run: () => Promise<Output>, isComplete: boolean])[] = [
  ['by the option; outage and spool', () => runWithSpool(loads, 'always', { privacyMode: true }), true],
  [
    'by a function; outage and spool',
    () => runWithSpool(loads, 'on-failure', { privacyMode: () => true }),
    true,
  ],
  ['by a function that throws; refusals', () => runWithRefusals(loads, { privacyMode: THROWS }), false],
  [
    'by the spans; no compression',
    () => runPlainly(asking('posthog.privacy_mode'), { compression: 'none' }),
    true,
  ],
];

let off: Output;
beforeAll(async () => {
  off = await runPlainly(loads, {});
});

describe('privacy mode', () => {
  it.each(PRIVATE_RUNS)('lets no secret leave, asked %s', async (_asked, run, isComplete) => {
    const { bodies, heads, spool, diagnostics, events, failures } = await run();
    expect(placesIn(bodies)).toEqual([]);
    expect(placesIn(heads)).toEqual([]);
    expect(placesIn(spool)).toEqual([]);
    expect(placesIn(diagnostics)).toEqual([]);
    expectNoKeys([...spool, ...diagnostics, ...heads.map((head) => head.replaceAll(HEADER_VALUE, ''))]);
    expectTheRest(events);
    expect(events.size === off.events.size).toBe(isComplete);
    expect(failures > 0).toBe(!isComplete);
    expect(bodies.length).toBeGreaterThanOrEqual(loads.length);
  });
});

describe('without privacy mode', () => {
  it('finds the secrets of every dialect in the events', () => {
    const seen = new Map<string, Set<number>>();
    const planted = new Map<string, number>();
    for (const { view, dialect, event } of sentSpans()) {
      const properties = event.properties as Readonly<Record<string, unknown>>;
      const ids = secretsIn(JSON.stringify(CONTENT.map((name) => properties[name])));
      seen.set(dialect, new Set([...(seen.get(dialect) ?? []), ...ids]));
      planted.set(dialect, (planted.get(dialect) ?? 0) + carriedBy(view).size);
    }
    for (const [dialect, ids] of seen) seenByDialect.set(dialect, ids.size);
    const blind = [...planted].filter(([dialect, count]) => count > 0 && seen.get(dialect)?.size === 0);
    expect(blind).toEqual([]);
    expect(seen.size).toBeGreaterThanOrEqual(13);
  });

  it('finds every secret of an attribute of a span that is sent, and what never leaves nowhere', () => {
    const found = new Set(off.bodies.flatMap((body) => [...secretsIn(body)]));
    const lost = sentSpans().flatMap(({ view }) => [...carriedBy(view)].filter((id) => !found.has(id)));
    expect(lost.map((id) => book.planted[id])).toEqual([]);
    expect(book.planted.filter(({ id, sort }) => sort === 'never' && found.has(id))).toEqual([]);
    expect(found.size).toBeGreaterThan(5_000);
  });

  it('finds secrets of span events, log records, files, errors and names of members', () => {
    const found = new Set(off.bodies.flatMap((body) => [...secretsIn(body)]));
    const places = book.planted.filter(({ id }) => found.has(id)).map(({ place }) => place);
    for (const kind of KINDS_OF_PLACES) {
      expect(places.filter((place) => kind.test(place)).length, String(kind)).toBeGreaterThan(0);
    }
  });

  it('keeps logs, errors, figures and spool names free of content and keys all the same', async () => {
    const spooled = await runWithSpool(some, 'on-failure', {});
    const refused = await runWithRefusals(some, {});
    for (const { bodies, heads, diagnostics } of [off, spooled, refused]) {
      expect(placesIn(bodies).length).toBeGreaterThan(1_000);
      expect(placesIn([...heads, ...diagnostics])).toEqual([]);
      expectNoKeys(diagnostics);
    }
    expectNoKeys(spooled.spool);
  });
});

describe('explain', () => {
  const texts = (of: readonly Load[], options: object) =>
    of.map(({ views }) => {
      const explained = explainWith(views, { includeAttributes: ALL_ATTRIBUTES, ...options });
      return JSON.stringify(explained) + renderExplanations(explained);
    });

  it('shows no content', () => {
    expect(placesIn(texts(loads, {}))).toEqual([]);
  });

  it('shows it when asked to', () => {
    const shown = texts(some, { showContent: true }).map((text) => secretsIn(text).size);
    expect(Math.min(...shown)).toBeGreaterThan(0);
  });
});

const KINDS_OF_PLACES = [
  /^event gen_ai/,
  /^log record/,
  /\(file\)/,
  /^status/,
  /^exception message/,
  /\(key\)/,
];

const CONTENT = [
  ...['$ai_input', '$ai_output_choices', '$ai_input_state', '$ai_output_state'],
  ...['$ai_prompt_template', '$ai_prompt_variables'],
  ...['$ai_tools', '$ai_model_parameters', '$ai_error'],
];

/** What privacy mode may change; everything else must be as it is without. */
const REDUCED: ReadonlySet<string> = new Set([...CONTENT, '$ai_base_url', '$ai_error_type']);

/** Secrets in the attributes of a span that may leave. */
function carriedBy({ attributes }: SpanView): ReadonlySet<number> {
  const ids = [...secretsIn(JSON.stringify(attributes))];
  return new Set(ids.filter((id) => book.planted[id]?.sort === 'content'));
}

/** Spans with their dialect and their event without privacy mode. */
function sentSpans() {
  const eventOf = new Map(
    [...off.events.values()].map((event) => {
      const { $ai_span_id: id } = event.properties as Readonly<Record<string, unknown>>;
      return [id, event];
    }),
  );
  return loads.flatMap(({ views }) =>
    views.flatMap((view) => {
      const event = eventOf.get(view.spanId);
      const read = readCall(view);
      return event && read.type === 'call' ? [{ view, dialect: read.call.dialect, event }] : [];
    }),
  );
}

function expectNoKeys(parts: readonly string[]): void {
  expect(parts.filter((part) => part.includes(API_KEY) || part.includes(HEADER_VALUE))).toEqual([]);
}

/** Envelope, figures, names and custom metadata are the same as without privacy mode. */
function expectTheRest(events: SentEvents): void {
  const all = [...events].map(([uuid, event]) => [rest(event), rest(off.events.get(uuid) ?? {})] as const);
  const [different] = all.filter(([now, before]) => JSON.stringify(now) !== JSON.stringify(before));
  expect(different?.[0]).toEqual(different?.[1]);
  expect(all.every(([now]) => now['metadata_kept'] === KEPT_WORD)).toBe(true);
}

function rest({ properties, ...envelope }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(properties ?? {}).filter(
    ([name]) => (name.startsWith('$') && !REDUCED.has(name)) || /^metadata_(?:plan|kept)$/.test(name),
  );
  return { ...envelope, ...Object.fromEntries(kept) };
}

afterAll(() => {
  const seen = [...seenByDialect].sort().map(([dialect, count]) => `${dialect} ${count}`);
  console.log(
    `privacy proof: ${recordings} recordings, ${book.planted.length} secrets planted, ` +
      `${searchedBytes} bytes searched; seen in events without privacy mode: ${seen.join(', ')}`,
  );
});
