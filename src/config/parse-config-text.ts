import {
  type Document,
  type ErrorCode,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import { isOneReference, type ReferenceSources, resolveReferences } from './file-references.ts';
import { typeName } from './type-name.ts';

/** A value of a configuration file with the place where it stands. */
export interface FileValue {
  readonly value: unknown;
  /** `line 3, column 5`. */
  readonly place: string;
  /** The same of what stands inside of it, by names of members and numbers of items; the nearest place where there is none. */
  readonly placeIn?: (path: readonly (string | number)[]) => string;
  /** The value is a text that a reference stands for, whatever its type is to be. */
  readonly isReferenced: boolean;
}

/** The members of one mapping of a file. */
export type FileSection = ReadonlyMap<string, FileValue>;

/** Something that is wrong in a file. Holds no value of it. */
export interface FileFlaw {
  readonly place: string;
  readonly message: string;
}

export interface ParsedConfigText {
  readonly top: FileSection;
  /** Absent: the file has one destination, whose options stand at the top. */
  readonly destinations: readonly FileSection[] | undefined;
  readonly flaws: readonly FileFlaw[];
}

/** The place of a character of the text, from 0. */
type PlaceOf = (offset: number) => string;

/** Aliases that may stand for the same value; more of them are an attack on the reader. */
const MAX_ALIASES = 50;

/**
 * Reads YAML, of which JSON is a part, with references resolved. Never throws; what is wrong comes with its place, and
 * without the text around it, which may hold a key.
 */
export function parseConfigText(text: string, sources: ReferenceSources): ParsedConfigText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const placeOf: PlaceOf = (offset) => {
    const { line, col } = lines.linePos(offset);
    return `line ${line}, column ${col}`;
  };
  const [error] = document.errors;
  if (error) {
    return flawed({ place: placeOf(error.pos[0]), message: wordsFor(error.code) });
  }
  const flaws: FileFlaw[] = [];
  const referenced = resolveScalars(document, sources, placeOf, flaws);
  const { contents } = document;
  if (contents === null) return flawed({ place: placeOf(0), message: 'must hold an object, and is empty' });
  if (!isMap(contents)) {
    const message = `must hold an object, not ${typeName(document.toJS({ maxAliasCount: MAX_ALIASES }))}`;
    return flawed({ place: placeOf(0), message });
  }
  try {
    const top = sectionOf(contents, document, placeOf, referenced);
    const listed = contents.get('destinations', true);
    if (listed === undefined) return { top, destinations: undefined, flaws };
    if (!isSeq(listed) || listed.items.length === 0 || !listed.items.every((item) => isMap(item))) {
      const place = top.get('destinations')?.place ?? placeOf(0);
      return flawed({ place, message: '"destinations" must be a list of objects, each with a "name"' });
    }
    const destinations = listed.items.map((item) =>
      sectionOf(item as YAMLMap, document, placeOf, referenced),
    );
    return { top, destinations, flaws };
  } catch {
    return flawed({ place: placeOf(0), message: 'has too many aliases' });
  }
}

const MISTAKES: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_INDENT: 'the indentation fits nothing above it',
  TAB_AS_INDENT: 'a tab stands where spaces should',
  MISSING_CHAR: 'a bracket, a quote, a comma or a colon is missing',
  BLOCK_AS_IMPLICIT_KEY: 'the indentation is wrong, or a quote is missing',
  MULTILINE_IMPLICIT_KEY: 'a colon is missing',
};

/** What is wrong with the text, without any of it: that may be a key. */
function wordsFor(code: ErrorCode): string {
  if (code === 'DUPLICATE_KEY') return 'a name stands there twice';
  const mistake = MISTAKES[code];
  return `not valid YAML or JSON${mistake === undefined ? '' : `: ${mistake}`} (${code})`;
}

function flawed(flaw: FileFlaw): ParsedConfigText {
  return { top: new Map(), destinations: undefined, flaws: [flaw] };
}

/** Puts values in place of references, in the document itself. Returns the scalars that were references as a whole. */
function resolveScalars(
  document: Document,
  sources: ReferenceSources,
  placeOf: PlaceOf,
  flaws: FileFlaw[],
): ReadonlySet<unknown> {
  const referenced = new Set<unknown>();
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return;
      const isWhole = isOneReference(node.value);
      const resolved = resolveReferences(node.value, sources);
      if (resolved.type === 'flaw') {
        flaws.push({ place: placeOf(node.range?.[0] ?? 0), message: resolved.flaw });
        return;
      }
      node.value = resolved.text;
      if (isWhole) referenced.add(node);
    },
  });
  return referenced;
}

function sectionOf(
  map: YAMLMap,
  document: Document,
  placeOf: PlaceOf,
  referenced: ReadonlySet<unknown>,
): FileSection {
  const section = new Map<string, FileValue>();
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : String(key);
    const node = value as { toJS?(document: Document, options: object): unknown } | null;
    section.set(name, {
      value: node?.toJS?.(document, { maxAliasCount: MAX_ALIASES }) ?? null,
      place: placeOf(startOf(key) ?? startOf(map) ?? 0),
      placeIn: (path) => placeOf(startIn(value, path) ?? startOf(key) ?? 0),
      isReferenced: referenced.has(value),
    });
  }
  return section;
}

function startOf(node: unknown): number | undefined {
  return (node as { readonly range?: readonly number[] | null } | null | undefined)?.range?.[0];
}

/** Where the name of a member begins, or an item of a list. */
function startIn(node: unknown, [step, ...rest]: readonly (string | number)[]): number | undefined {
  if (step === undefined) return undefined;
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return startIn(item, rest) ?? startOf(item);
  }
  const pair = isMap(node)
    ? node.items.find(({ key }) => isScalar(key) && String(key.value) === step)
    : undefined;
  return pair ? (startIn(pair.value, rest) ?? startOf(pair.key)) : undefined;
}
