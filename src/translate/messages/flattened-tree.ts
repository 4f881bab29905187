/** Attributes whose names spell out a path, put back into a tree. */
export interface FlatNode {
  /** The attribute of exactly this name. */
  readonly value: unknown;
  readonly children: ReadonlyMap<string, FlatNode>;
}

type Entries = ReadonlyArray<readonly [suffix: string, value: unknown]>;

/** Of the attributes at the ends of all paths, which are most of the tree. */
const NO_CHILDREN: ReadonlyMap<string, Growing> = new Map();

class Growing implements FlatNode {
  value: unknown = undefined;
  #children: Map<string, Growing> | undefined;

  get children(): ReadonlyMap<string, Growing> {
    return this.#children ?? NO_CHILDREN;
  }

  /** The child of this name, made if there is none. */
  at(segment: string): Growing {
    this.#children ??= new Map();
    const known = this.#children.get(segment);
    if (known) return known;
    const child = new Growing();
    this.#children.set(segment, child);
    return child;
  }
}

/** Longest path of any convention is eight segments; longer names are not messages. */
const MAX_SEGMENTS = 12;
/** No convention has names this long; splitting them would cost more than they can hold. */
const MAX_NAME_LENGTH = 512;

/**
 * Builds the tree below a common prefix. Keys live in maps, so neither `__proto__` nor a huge index can do harm.
 * Attributes without a value (OpenInference writes some for fields that are absent) are left out.
 */
export function treeOf(entries: Entries): FlatNode {
  const root = new Growing();
  for (const [suffix, value] of entries) {
    if (value === undefined || value === null || suffix.length > MAX_NAME_LENGTH) continue;
    const segments = segmentsOf(suffix);
    if (segments.length > MAX_SEGMENTS) continue;
    let node = root;
    for (const segment of segments) node = node.at(segment);
    node.value = value;
  }
  return root;
}

/** Names remembered; where they are made up as it runs, the memory begins anew. */
const MAX_REMEMBERED = 4_096;

const remembered = new Map<string, readonly string[]>();

/** What it buys: an instrumentation writes the same names on every span. */
function segmentsOf(suffix: string): readonly string[] {
  const known = remembered.get(suffix);
  if (known !== undefined) return known;
  const segments = suffix.split('.');
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(suffix, segments);
  return segments;
}

export function nodeAt(node: FlatNode | undefined, ...path: readonly string[]): FlatNode | undefined {
  let current = node;
  for (const segment of path) current = current?.children.get(segment);
  return current;
}

export function valueAt(node: FlatNode | undefined, ...path: readonly string[]): unknown {
  return nodeAt(node, ...path)?.value;
}

/** Text at a path; empty text does not count. */
export function textAt(node: FlatNode | undefined, ...path: readonly string[]): string | undefined {
  const value = valueAt(node, ...path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The numbered children in numeric order: attributes arrive in any order, and indexes may have gaps. */
export function listAt(node: FlatNode | undefined, ...path: readonly string[]): FlatNode[] {
  const indexes: number[] = [];
  const list: FlatNode[] = [];
  let isInOrder = true;
  for (const [key, child] of nodeAt(node, ...path)?.children ?? NO_CHILDREN) {
    const index = readIndex(key);
    if (index === undefined) continue;
    isInOrder &&= index > (indexes.at(-1) ?? -1);
    indexes.push(index);
    list.push(child);
  }
  if (isInOrder) return list;
  return list
    .map((child, at) => ({ child, index: indexes[at] ?? 0 }))
    .sort((one, other) => one.index - other.index)
    .map(({ child }) => child);
}

/** Digits of the largest index that is believed. */
const MAX_INDEX_DIGITS = 9;

function readIndex(key: string): number | undefined {
  if (key.length === 0 || key.length > MAX_INDEX_DIGITS) return undefined;
  for (let at = 0; at < key.length; at++) {
    const code = key.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return undefined;
  }
  return Number(key);
}
