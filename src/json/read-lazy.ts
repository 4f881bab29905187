import { OPEN_LIST, OPEN_OBJECT, QUOTE } from './json-characters.ts';
import { LiteralScanner } from './literal-scanner.ts';
import { emptyRetained } from './memory/retained.ts';
import { RecordedText } from './recorded-text.ts';
import { canScan } from './source-units.ts';

/** Which texts may stay where they stand: the caller's readers know what to do with these. */
export interface LazyTexts {
  /** Names of the members that may hold one. */
  readonly names: ReadonlySet<string>;
  /** Whether an object, all of whose members are read, may keep the one that was met first. */
  readonly isKept: (object: Readonly<Record<string, unknown>>, name: string) => boolean;
}

/** Deeper JSON is left to `JSON.parse`. */
const MAX_LEVELS = 60;

/**
 * What `JSON.parse` gives, but for long texts, which are `RecordedText` where the caller wants that. What it buys: they
 * are neither decoded nor escaped again, nor searched one by one.
 *
 * @param source JSON of an object or list
 * @returns `undefined` for everything else, and when in doubt; then `JSON.parse` says what it is
 */
export function readLazy(source: string, texts: LazyTexts): unknown {
  if (!canScan) return undefined;
  try {
    const scanner = new LiteralScanner(source);
    const value = readHolder(scanner, texts, MAX_LEVELS);
    return scanner.isAtEnd() ? value : undefined;
  } catch {
    // A literal with an escape that there is not.
    return undefined;
  }
}

/** Like the functions below: `undefined`, which is no JSON, when it cannot be read. */
function readHolder(scanner: LiteralScanner, texts: LazyTexts, levelsLeft: number): unknown {
  if (levelsLeft === 0) return undefined;
  if (scanner.enterObject()) return readObject(scanner, texts, levelsLeft - 1);
  return scanner.enterList() ? readList(scanner, texts, levelsLeft - 1) : undefined;
}

function readObject(scanner: LiteralScanner, texts: LazyTexts, levelsLeft: number): unknown {
  const object: Record<string, unknown> = {};
  if (scanner.leaveObject()) return object;
  let keeper: string | undefined;
  do {
    const name = scanner.anyKey();
    // No name like others.
    if (name === undefined || name === '__proto__') return undefined;
    const mayKeep = keeper === undefined && texts.names.has(name);
    const value = readValue(scanner, texts, levelsLeft, mayKeep);
    if (value === undefined) return undefined;
    if (mayKeep && value instanceof RecordedText) keeper = name;
    object[name] = value;
  } while (scanner.goOn());
  if (!scanner.leaveObject()) return undefined;
  if (keeper !== undefined && !texts.isKept(object, keeper)) {
    const kept = object[keeper];
    if (kept instanceof RecordedText) object[keeper] = kept.text;
  }
  return object;
}

function readList(scanner: LiteralScanner, texts: LazyTexts, levelsLeft: number): unknown {
  const list = emptyRetained<unknown>();
  if (scanner.leaveList()) return list;
  do {
    const value = readValue(scanner, texts, levelsLeft, false);
    if (value === undefined) return undefined;
    list.push(value);
  } while (scanner.goOn());
  return scanner.leaveList() ? list : undefined;
}

function readValue(scanner: LiteralScanner, texts: LazyTexts, levelsLeft: number, mayKeep: boolean): unknown {
  switch (scanner.peek()) {
    case QUOTE:
      return mayKeep ? scanner.anyText() : scanner.decodedText();
    case OPEN_OBJECT:
    case OPEN_LIST:
      return readHolder(scanner, texts, levelsLeft);
    default:
      return scanner.plainValue();
  }
}
