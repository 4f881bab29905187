import type { FileValue } from '../../config/parse-config-text.ts';
import type { Sender } from '../receive/senders.ts';

/** Takes note of what is wrong with a file, and where. */
export type Complain = (message: string, place?: string) => void;

/** Who may send, as the file lists them. */
export function readSenders(held: FileValue | undefined, complain: Complain): readonly Sender[] {
  if (held === undefined) return [];
  const { value } = held;
  if (!Array.isArray(value)) {
    complain('"senders" must be a list of objects with "name" and "key"', held.place);
    return [];
  }
  const senders = value.flatMap((sender: unknown, index): Sender[] => {
    const { name, key, header, ...others } = Object(sender) as Record<string, unknown>;
    const label = `sender ${index + 1}`;
    const placeOf = (member: string): string => held.placeIn?.([index, member]) ?? held.place;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) complain(`${label} has no setting "${unknown}"`, placeOf(unknown));
    if (typeof name !== 'string' || name === '') complain(`${label} needs a "name"`, placeOf('name'));
    if (typeof key !== 'string' || key.length < MIN_KEY_LENGTH) {
      complain(`${label} needs a "key" of at least ${MIN_KEY_LENGTH} characters`, placeOf('key'));
    }
    if (header !== undefined && (typeof header !== 'string' || !/^[A-Za-z0-9-]+$/.test(header))) {
      complain(`${label} has a "header" that is no name of a header`, placeOf('header'));
    }
    return typeof name === 'string' && typeof key === 'string'
      ? [{ name, key, header: typeof header === 'string' ? header.toLowerCase() : undefined }]
      : [];
  });
  for (const what of ['name', 'key'] as const) {
    const all = senders.map((sender) => sender[what]);
    if (new Set(all).size < all.length) complain(`two senders have the same "${what}"`, held.place);
  }
  return senders;
}

/** A key that can be guessed is none. */
const MIN_KEY_LENGTH = 8;
