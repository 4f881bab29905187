import type { Message, Part } from '../call/messages.ts';

/** A JSON object of unknown origin; nothing about its values may be assumed. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Adds what it understood of one content part to `parts`. `false` means "not my shape", and then nothing was added;
 * `true` without an addition means "understood, and there is nothing in it to show" (an empty text, a cache marker).
 */
export type PartReader = (source: JsonObject, parts: Part[]) => boolean;

/** Readers of parts that name their own type. */
export type PartTable = Readonly<Record<string, PartReader>>;

/** What a recogniser knows about the value that surrounds its own. */
export interface Reading {
  /** Role of what carries none: `assistant` for recorded output, `user` for input. */
  readonly defaultRole: string;
  /** Reads a value one level further in. `false` when nothing in it is known, and then nothing was added. */
  readonly nested: (value: unknown, into: Message[], defaultRole?: string) => boolean;
}

/** Adds the messages of one object to `into`; `false` means "not my shape", and then nothing was added. */
export type Recogniser = (source: JsonObject, reading: Reading, into: Message[]) => boolean;
