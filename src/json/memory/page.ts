import { writePieces } from './write-pieces.ts';

/** Kept free in front of the first text, for what a request body begins with. */
const HEAD_BYTES = 1024;

/** Behind each text, so that texts stand there as in a JSON list; as long as what a request body ends with. */
const SEPARATOR = Buffer.from(', ');

export const PAGE_BYTES = 2 * 1024 * 1024;

/** A request body that fills less of a page is worth copying, since its page is not used again. */
const MIN_FRAMED_BYTES = PAGE_BYTES / 2;

/** Pages that wait to be used again; an export of the usual size fills three. */
const MAX_FREE_PAGES = 4;

const freePages: Page[] = [];

/**
 * Memory that texts are written into one behind the other. What it buys: one allocation for dozens of events, no guess
 * at the size of each, and, since it is used again, less reason for the engine to look for garbage.
 */
export class Page {
  readonly #memory = Buffer.allocUnsafeSlow(PAGE_BYTES);
  /** Where the next text begins. */
  #end = HEAD_BYTES;
  /** Texts in it that were not given back. */
  #texts = 0;
  /** `open` to more texts, `full`, or part of a request, which nobody knows to be done with it. */
  #state: 'open' | 'full' | 'on the wire' = 'open';

  /** This page or another one, with room for a text of less than `PAGE_BYTES / 2`. */
  withRoomFor(bytes: number): Page {
    if (this.#state === 'open') {
      if (this.#memory.length - this.#end >= bytes + SEPARATOR.length) return this;
      this.#state = 'full';
    }
    return freePages.pop() ?? new Page();
  }

  /** The pieces one behind the other as UTF-8. There must be room for them. */
  add(pieces: readonly string[]): Buffer {
    const start = this.#end;
    const end = writePieces(pieces, this.#memory, start);
    this.#memory.set(SEPARATOR, end);
    this.#end = end + SEPARATOR.length;
    this.#texts += 1;
    return this.#memory.subarray(start, end);
  }

  /** To be called once for each text, when nobody reads it any more. */
  giveBack(): void {
    this.#texts -= 1;
    if (this.#texts > 0 || this.#state === 'on the wire') return;
    this.#end = HEAD_BYTES;
    if (this.#state === 'open' || freePages.length >= MAX_FREE_PAGES) return;
    this.#state = 'open';
    freePages.push(this);
  }

  /**
   * The texts as a JSON list with `head` and `tail` around it, where they stand. What it buys: large bodies are not
   * copied.
   *
   * @returns `undefined` unless the texts begin the page and follow each other there, and are worth a page
   */
  frame(head: Buffer, texts: readonly { readonly json: Buffer }[], tail: Buffer): Buffer | undefined {
    let end = HEAD_BYTES;
    for (const { json } of texts) {
      if (json.buffer !== this.#memory.buffer || json.byteOffset !== end) return undefined;
      end += json.length + SEPARATOR.length;
    }
    if (end < MIN_FRAMED_BYTES || head.length > HEAD_BYTES || tail.length > SEPARATOR.length)
      return undefined;
    this.#state = 'on the wire';
    const tailStart = end - SEPARATOR.length;
    // The tail of a body of some of them may still stand between them.
    for (const { json } of texts) this.#memory.set(SEPARATOR, json.byteOffset + json.length);
    this.#memory.set(head, HEAD_BYTES - head.length);
    this.#memory.set(tail, tailStart);
    return this.#memory.subarray(HEAD_BYTES - head.length, tailStart + tail.length);
  }
}
