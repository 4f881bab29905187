import { type Import, importsOf, isSource, type Sources } from './read-imports.ts';

/** A folder or file of `src`, and what it may import besides itself. */
export interface Room {
  /** Rooms. */
  readonly code?: readonly string[];
  /** Rooms of which types may be imported, beyond those of `code`. */
  readonly types?: readonly string[];
  /** Packages, by name or by a beginning that ends with `:` or `/`. */
  readonly packages?: readonly string[];
}

/** By path below `src`. The longest path that a file begins with is its room. */
export type Rooms = Readonly<Record<string, Room>>;

export interface Plan {
  readonly rooms: Rooms;
  /** Files that something outside of `src` loads. */
  readonly doors: readonly string[];
  /** Files, and folders that end with `/`, whose caller is still to be written. */
  readonly unfinished?: readonly string[];
  /** Packages of which any room may import types. */
  readonly typePackages: readonly string[];
  /** Where the plan stands, for whoever reads a problem. */
  readonly planFile: string;
}

/** Everything in the sources that is not as the plan says, in words that tell what to do. Empty when all is well. */
export function checkRooms(sources: Sources, plan: Plan): string[] {
  const imports = importsOf(sources);
  return [
    ...strayFiles(sources, plan),
    ...unreachedFiles(sources, imports, plan),
    ...wrongImports(imports, plan),
    ...circles(edgesOf(imports, (path) => roomOf(path, plan.rooms) ?? path)).map(
      (circle) =>
        `These rooms import each other, types included: ${circle}. Move what they share to a room below both.`,
    ),
    ...circles(edgesOf(imports, (path) => path)).map(
      (circle) =>
        `These files import each other, types included: ${circle}. Move what they share to a file of its own.`,
    ),
  ];
}

export function roomOf(path: string, rooms: Rooms): string | undefined {
  const names = Object.keys(rooms).filter((room) => path === room || path.startsWith(`${room}/`));
  return names.sort((a, b) => b.length - a.length)[0];
}

function strayFiles(sources: Sources, { rooms, planFile }: Plan): string[] {
  return [...sources.keys()]
    .filter((file) => roomOf(file, rooms) === undefined)
    .map((file) => `src/${file} stands in no room. Move it to one, or add its folder to ${planFile}.`);
}

function unreachedFiles(
  sources: Sources,
  imports: readonly Import[],
  { doors, unfinished = [], planFile }: Plan,
): string[] {
  const targets = new Map<string, string[]>();
  for (const { file, target } of imports) targets.set(file, [...(targets.get(file) ?? []), target]);
  const reached = new Set<string>();
  const rest = doors.filter((door) => sources.has(door));
  for (let file = rest.pop(); file !== undefined; file = rest.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    rest.push(...(targets.get(file) ?? []).filter((target) => sources.has(target)));
  }
  const missing = doors
    .filter((door) => !sources.has(door))
    .map((door) => `${planFile} names the door src/${door}, which is not there.`);
  const unreached = [...sources.keys()]
    .filter(
      (file) =>
        !reached.has(file) &&
        !unfinished.some((one) => file === one || (one.endsWith('/') && file.startsWith(one))),
    )
    .map(
      (file) =>
        `src/${file} is imported by nothing. Import it where it is used (a dialect in src/translate/dialects/registry.ts, ` +
        `a command in src/cli/commands.ts) or delete it; an entry of the package is named among the doors in ${planFile}.`,
    );
  return [...missing, ...unreached];
}

function wrongImports(imports: readonly Import[], plan: Plan): string[] {
  return imports.flatMap(({ file, target, isType }) => {
    const name = roomOf(file, plan.rooms);
    const room = name === undefined ? undefined : plan.rooms[name];
    if (!room) return [];
    if (!isSource(target)) {
      const isAllowed =
        (room.packages ?? []).some((one) => isPackage(target, one)) ||
        (isType && plan.typePackages.some((one) => isPackage(target, one)));
      return isAllowed
        ? []
        : [`src/${file} imports ${target}, a package that src/${name} does not use. ${remedy(plan, name)}`];
    }
    const other = roomOf(target, plan.rooms);
    if (other === undefined || other === name || room.code?.includes(other)) return [];
    if (isType && room.types?.includes(other)) return [];
    const what = room.types?.includes(other) ? 'more than types' : 'something';
    return [
      `src/${file} imports ${what} of src/${other}, which src/${name} knows nothing of. ${remedy(plan, name)}`,
    ];
  });
}

function isPackage(target: string, allowed: string): boolean {
  return /[:/]$/.test(allowed)
    ? target.startsWith(allowed)
    : target === allowed || target.startsWith(`${allowed}/`);
}

function remedy({ planFile }: Plan, room: string | undefined): string {
  return `Move the code, or change the row of "${room}" in ${planFile}.`;
}

function edgesOf(imports: readonly Import[], nodeOf: (path: string) => string): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const { file, target } of imports) {
    if (!isSource(target) || nodeOf(file) === nodeOf(target)) continue;
    const from = nodeOf(file);
    edges.set(from, (edges.get(from) ?? new Set()).add(nodeOf(target)));
  }
  return edges;
}

/** Groups of nodes that can all reach each other, by Tarjan's algorithm; each as text. */
export function circles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const found: string[] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const visit = (node: string): number => {
    const index = order.size;
    order.set(node, index);
    stack.push(node);
    let low = index;
    for (const next of edges.get(node) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next));
      else if (stack.includes(next)) low = Math.min(low, order.get(next) ?? index);
    }
    lowest.set(node, low);
    if (low === index) {
      const group = stack.splice(stack.indexOf(node));
      if (group.length > 1) found.push(group.sort().join(', '));
    }
    return low;
  };
  for (const node of edges.keys()) if (!order.has(node)) visit(node);
  return found;
}
