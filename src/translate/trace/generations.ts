/** A bounded map that makes what is missing, in two generations: when the younger is full, the older is forgotten. */
export interface Generations<V> {
  get(key: string): V | undefined;
  getOrAdd(key: string): V;
  readonly size: number;
}

export function createGenerations<V>(maxSize: number, make: () => V): Generations<V> {
  let younger = new Map<string, V>();
  let older = new Map<string, V>();
  const put = (key: string, value: V): V => {
    if (younger.size >= maxSize / 2) {
      older = younger;
      younger = new Map();
    }
    younger.set(key, value);
    return value;
  };
  const get = (key: string): V | undefined => {
    const known = younger.get(key);
    if (known !== undefined) return known;
    const past = older.get(key);
    if (past === undefined) return undefined;
    older.delete(key);
    return put(key, past);
  };
  return {
    get,
    getOrAdd: (key) => get(key) ?? put(key, make()),
    get size() {
      return younger.size + older.size;
    },
  };
}
