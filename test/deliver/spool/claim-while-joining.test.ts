import { expect, it, vi } from 'vitest';
import { ALL, startSpool } from '../../support/spool.ts';
import { until } from '../../support/until.ts';
import { sampleEvents } from '../sample-events.ts';

/** What each joining waits for before it writes the joined file, and what the directory waits for before it is read. */
const gates = vi.hoisted(() => ({
  joinings: [] as Promise<void>[],
  listing: undefined as Promise<void> | undefined,
  listed: 0,
}));

vi.mock('../../../src/deliver/spool/disk.ts', async (original) => {
  const disk = await original<typeof import('../../../src/deliver/spool/disk.ts')>();
  const createFile: typeof disk.createFile = async (...these) => {
    await gates.joinings.shift();
    return disk.createFile(...these);
  };
  return { ...disk, createFile };
});

vi.mock('../../../src/deliver/spool/list-files.ts', async (original) => {
  const files = await original<typeof import('../../../src/deliver/spool/list-files.ts')>();
  const listEntries: typeof files.listEntries = async (...these) => {
    await gates.listing;
    const entries = await files.listEntries(...these);
    gates.listed += 1;
    return entries;
  };
  return { ...files, listEntries };
});

function createGate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

it('whoever asks for files while they are joined again and again waits until some are there', async () => {
  const { spool, files } = startSpool();
  const store = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) expect(await spool.writeNow(sampleEvents(1))).toBe(true);
  };
  const isAllTaken = () => files().every(({ state }) => state.type !== 'waiting');
  const [first, second, secondLook] = [createGate(), createGate(), createGate()];
  gates.joinings = [first.passed, second.passed];

  // The first joining has every file when they are asked for.
  await store(64);
  await until(isAllTaken);
  const listedBefore = gates.listed;
  const claimed = spool.claim(ALL);
  await until(() => gates.listed > listedBefore);
  await store(64);

  // And when it is done the second one has them before they are looked for again.
  gates.listing = secondLook.passed;
  first.open();
  await until(() => isAllTaken() && files().length === 65);
  secondLook.open();
  await until(() => gates.listed > listedBefore + 1);
  second.open();
  expect((await claimed).flatMap(({ events }) => events)).toHaveLength(128);
});
