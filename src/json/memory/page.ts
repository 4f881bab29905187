import { writePieces } from './write-pieces.ts';

export const PAGE_BYTES = 2 * 1024 * 1024;

/** Pages that wait to be used again; an export of the usual size fills three. */
const MAX_FREE_PAGES = 4;

const freePages: Page[] = [];

/**
 * Memory that texts are written into one behind the other. What it buys: one allocation for dozens of events, no guess
 * at the size of each, and, since it is used again, fewer garbage collections, which V8 starts for memory outside its
 * heap. A request body is a copy: one that stood around the texts in the page spared that, and brought nothing that
 * could be measured.
 */
export class Page {
  readonly #memory = Buffer.allocUnsafeSlow(PAGE_BYTES);
  /** Where the next text begins. */
  #end = 0;
  /** Texts in it that were not given back. */
  #texts = 0;
  #isFull = false;

  /** This page or another one, with room for a text of less than `PAGE_BYTES / 2`. */
  withRoomFor(bytes: number): Page {
    if (!this.#isFull) {
      if (this.#memory.length - this.#end >= bytes) return this;
      this.#isFull = true;
    }
    return freePages.pop() ?? new Page();
  }

  /** The pieces one behind the other as UTF-8. There must be room for them. */
  add(pieces: readonly string[]): Buffer {
    const start = this.#end;
    this.#end = writePieces(pieces, this.#memory, start);
    this.#texts += 1;
    return this.#memory.subarray(start, this.#end);
  }

  /** To be called once for each text, when its memory is not read any more. */
  giveBack(): void {
    this.#texts -= 1;
    if (this.#texts > 0) return;
    this.#end = 0;
    if (!this.#isFull || freePages.length >= MAX_FREE_PAGES) return;
    this.#isFull = false;
    freePages.push(this);
  }
}
