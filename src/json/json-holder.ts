/** An object or list of parsed JSON. */
export type Holder = Record<string | number, unknown>;

export function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null;
}

/** Calls `visit` for every element of a list or property of an object; lists by index, which spares their keys. */
export function eachHeld(holder: Holder, visit: (key: string | number, held: unknown) => void): void {
  if (Array.isArray(holder)) {
    for (let index = 0; index < holder.length; index++) visit(index, holder[index]);
  } else {
    for (const key of Object.keys(holder)) visit(key, holder[key]);
  }
}
