import { madeOnce } from '../../json/memory/made-once.ts';
import { notContent } from './content-attributes.ts';
import type { ContentRow } from './content-row.ts';
import { contentTable } from './content-table.ts';

/** Names answered from memory; an application has a few dozen, so more means that names are made up as it runs. */
const MAX_REMEMBERED_NAMES = 2000;
const MAX_REMEMBERED_LENGTH = 200;
const MAX_REMEMBERED_PREFIXES = 8;

/** Where custom keys go whose own name is taken, whatever the prefix option says. */
const FALLBACK_PREFIX = 'metadata_';

interface ContentIndex {
  readonly byProperty: ReadonlyMap<string, ContentRow>;
  readonly byPattern: ReadonlyArray<readonly [pattern: RegExp, row: ContentRow]>;
  /** Names that hold no content although a pattern takes them. */
  readonly exempt: RegExp;
}

const contentIndex = madeOnce((): ContentIndex => {
  const table = contentTable();
  return {
    byProperty: new Map(
      table.flatMap((row) => row.names.filter(isPlain).map((name) => [name, row] as const)),
    ),
    byPattern: table.flatMap((row) => {
      const names = row.names.filter((name) => !name.startsWith('$') && /[.:*]/.test(name));
      return names.length === 0 ? [] : [[patternOf(names), row] as const];
    }),
    exempt: patternOf(notContent()),
  };
});

/** By prefix, of which a process has one or few, and by property. */
const remembered = new Map<string, Map<string, ContentRow | undefined>>();

/**
 * The row of the content table that rules a property, `undefined` when it carries no content.
 *
 * @param metadataPrefix what stands before custom metadata keys; the name behind it is looked up as well
 */
export function contentRowOf(property: string, metadataPrefix: string): ContentRow | undefined {
  if (property.startsWith('$')) return contentIndex().byProperty.get(property);
  const rows = remembered.get(metadataPrefix) ?? newMemory(metadataPrefix);
  if (rows.has(property)) return rows.get(property);
  const row = lookUp(property) ?? behind(metadataPrefix, property) ?? behind(FALLBACK_PREFIX, property);
  if (rows.size < MAX_REMEMBERED_NAMES && property.length <= MAX_REMEMBERED_LENGTH) rows.set(property, row);
  return row;
}

function newMemory(metadataPrefix: string): Map<string, ContentRow | undefined> {
  const rows = new Map<string, ContentRow | undefined>();
  if (remembered.size < MAX_REMEMBERED_PREFIXES) remembered.set(metadataPrefix, rows);
  return rows;
}

function behind(prefix: string, property: string): ContentRow | undefined {
  return prefix !== '' && property.startsWith(prefix) ? lookUp(property.slice(prefix.length)) : undefined;
}

function lookUp(name: string): ContentRow | undefined {
  const { byProperty, byPattern, exempt } = contentIndex();
  const exact = byProperty.get(name);
  if (exact !== undefined || name.startsWith('$')) return exact;
  if (!name.includes('.') && !name.includes(':')) return undefined;
  return exempt.test(name) ? undefined : byPattern.find(([pattern]) => pattern.test(name))?.[1];
}

function isPlain(name: string): boolean {
  return !name.includes('*');
}

/** One expression for many names; it may begin anywhere but inside a word, so that any prefix may stand before it. */
function patternOf(names: readonly string[]): RegExp {
  const choices = names.map((name) => {
    if (name.startsWith('*')) return `${literal(name.slice(1))}$`;
    return name.endsWith('*')
      ? `(?<![A-Za-z0-9])${literal(name.slice(0, -1))}`
      : `(?<![A-Za-z0-9])${literal(name)}$`;
  });
  return new RegExp(choices.join('|'));
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
