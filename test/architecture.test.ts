import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkRooms, type Plan, roomOf } from './support/architecture/check-rooms.ts';
import { importsOf, readSources, type Sources } from './support/architecture/read-imports.ts';
import { PLAN } from './support/architecture/rooms.ts';

const sources = readSources(resolve(import.meta.dirname, '../src'));

describe('src', () => {
  it('is laid out as the plan says', () => {
    expect(checkRooms(sources, PLAN)).toEqual([]);
  });

  it('has no room in its plan that is empty or may import what it does not', () => {
    const rooms = new Set([...sources.keys()].map((file) => roomOf(file, PLAN.rooms)));
    expect(Object.keys(PLAN.rooms).filter((room) => !rooms.has(room))).toEqual([]);
  });

  it('never mentions PostHog where calls and traces are understood', () => {
    const imports = importsOf(sources).filter(({ file }) =>
      ['translate/call', 'translate/trace', 'translate/messages'].includes(roomOf(file, PLAN.rooms) ?? ''),
    );
    expect(imports.length).toBeGreaterThan(50);
    expect(imports.filter(({ target }) => target.toLowerCase().includes('posthog'))).toEqual([]);
  });
});

describe('the check of the rooms', () => {
  const plan: Plan = {
    planFile: 'rooms.ts',
    doors: ['index.ts'],
    typePackages: ['@opentelemetry/api'],
    rooms: {
      'index.ts': { code: ['road', 'out'] },
      road: { types: ['out'], packages: ['node:crypto'] },
      out: { packages: ['node:'] },
    },
  };
  const sound: readonly [string, string][] = [
    ['index.ts', "import { a } from './road/a.ts';\nexport { b } from './out/b.ts';\n"],
    ['road/a.ts', "import { createHash } from 'node:crypto';\nimport type { B } from '../out/b.ts';\n"],
    ['out/b.ts', "import { readFile } from 'node:fs';\nexport const b = 1;\n"],
  ];
  const check = (...planted: readonly [string, string][]) =>
    checkRooms(new Map([...sound, ...planted]) satisfies Sources, plan);

  it('finds nothing wrong with a sound house', () => {
    expect(check()).toEqual([]);
  });

  it.each<[string, [string, string], RegExp]>([
    [
      'an import of a room above',
      ['out/b.ts', "import { a } from '../road/a.ts';"],
      /^src\/out\/b\.ts imports something of src\/road, .* "out" in rooms\.ts\.$/,
    ],
    [
      'code where only types may be imported',
      ['road/a.ts', "import {\n  type B,\n  b,\n} from '../out/b.ts';"],
      /^src\/road\/a\.ts imports more than types of src\/out/,
    ],
    ['a re-export', ['out/b.ts', "export { a } from '../road/a.ts';"], /^src\/out\/b\.ts imports something/],
    [
      'an import at run time',
      ['out/b.ts', "const a = () => import('../road/a.ts');"],
      /^src\/out\/b\.ts imports something/,
    ],
    [
      'a package that the room does not use',
      ['road/a.ts', "import { readFile } from 'node:fs';"],
      /^src\/road\/a\.ts imports node:fs, a package that src\/road does not use\./,
    ],
    ['a file in no room', ['stray.ts', ''], /^src\/stray\.ts stands in no room\. .* rooms\.ts\.$/],
    ['a folder that is no room', ['misc/thing.ts', ''], /^src\/misc\/thing\.ts stands in no room\./],
    ['a file that nothing imports', ['out/c.ts', ''], /^src\/out\/c\.ts is imported by nothing\./],
  ])('finds %s', (_case, planted, problem) => {
    expect(check(planted)).toContainEqual(expect.stringMatching(problem));
  });

  it('finds a circle of rooms, even of types', () => {
    const back = "import type { A } from '../road/a.ts';";
    expect(check(['out/b.ts', back])).toContainEqual(
      expect.stringContaining('These rooms import each other, types included: out, road.'),
    );
  });

  it('finds a circle of files within a room', () => {
    const circle = check(
      ['out/b.ts', "import './c.ts';"],
      ['out/c.ts', "import type { D } from './d.ts';"],
      ['out/d.ts', "import { b } from './b.ts';"],
    );
    expect(circle).toEqual([
      'These files import each other, types included: out/b.ts, out/c.ts, out/d.ts. Move what they share to a file of its own.',
    ]);
  });
});
