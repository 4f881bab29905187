import type { SerialisedEvent } from '../transport.ts';

/** How storing ended: `no-room` when the events alone exceed the spool, `failed` when the disk refused. */
export type StoreEnd = 'stored' | 'no-room' | 'failed';

interface Order {
  readonly events: readonly SerialisedEvent[];
  readonly bytes: number;
  readonly done: (end: StoreEnd) => void;
}

/** Writes the events as one file. */
export type WriteFile = (events: readonly SerialisedEvent[], bytes: number) => Promise<StoreEnd>;

/** One file after the other; what came in meanwhile shares the next one, up to `maxJoinedBytes`. */
export function createWriteQueue(write: WriteFile, maxJoinedBytes: number): WriteFile {
  const orders: Order[] = [];
  let isWriting = false;
  const writeOrders = async (): Promise<void> => {
    if (isWriting) return;
    isWriting = true;
    while (orders.length > 0) {
      const joined = takeJoined(orders, maxJoinedBytes);
      const bytes = joined.reduce((sum, order) => sum + order.bytes, 0);
      const end = await write(
        joined.flatMap(({ events }) => events),
        bytes,
      );
      for (const { done } of joined) done(end);
    }
    isWriting = false;
  };
  return (events, bytes) =>
    new Promise((done) => {
      orders.push({ events, bytes, done });
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
