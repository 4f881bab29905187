import type { SerialisedEvent } from '../transport.ts';
import type { HeldFile } from './held-file.ts';

/** How storing ended: `no-room` when the events alone exceed the spool, `failed` when the disk refused. */
export type StoreEnd = 'stored' | 'no-room' | 'failed';

/** What is to be stored. */
export interface ToStore {
  readonly events: readonly SerialisedEvent[];
  /** About what they take on the disk. */
  readonly bytes: number;
  /** Holds them until they are in a file with others. */
  readonly file?: HeldFile | undefined;
}

interface Order extends ToStore {
  readonly done: (end: StoreEnd) => void;
}

/** Writes the events of all as one file. */
export type WriteFile = (joined: readonly ToStore[]) => Promise<StoreEnd>;

/** One file after the other; what came in meanwhile shares the next one, up to `maxJoinedBytes`. */
export function createWriteQueue(
  write: WriteFile,
  maxJoinedBytes: number,
): (order: ToStore) => Promise<StoreEnd> {
  const orders: Order[] = [];
  let isWriting = false;
  const writeOrders = async (): Promise<void> => {
    if (isWriting) return;
    isWriting = true;
    while (orders.length > 0) {
      const joined = takeJoined(orders, maxJoinedBytes);
      const end = await write(joined);
      for (const { done } of joined) done(end);
    }
    isWriting = false;
  };
  return (order) =>
    new Promise((done) => {
      orders.push({ ...order, done });
      void writeOrders();
    });
}

/** The first order, and those after it while they are small together. */
function takeJoined(orders: Order[], maxJoinedBytes: number): Order[] {
  let bytes = 0;
  const fits = orders.findIndex((order, index) => {
    bytes += order.bytes;
    return index > 0 && bytes > maxJoinedBytes;
  });
  return orders.splice(0, fits < 0 ? orders.length : fits);
}
