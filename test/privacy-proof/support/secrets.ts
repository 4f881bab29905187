/** Stands in every secret; nothing in the recordings looks like it. */
const MARK = 'SECRET-';

/** The mark as it looks inside base64, at each of the three positions within a group of bytes. */
const BASE64_MARKS = [0, 1, 2].map((offset) => {
  const encoded = Buffer.from(`${'x'.repeat(offset)}${MARK}`).toString('base64');
  // A character at either end also holds bits of the neighbour.
  return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + MARK.length) * 8) / 6));
});

const HEX_MARK = Buffer.from(MARK).toString('hex');

/** A text that was planted: where, and whether it may leave when nothing is withheld. */
export interface Planted {
  readonly id: number;
  /** Recording or dialect that it was planted in. */
  readonly source: string;
  /** Attribute, event or log record, with the members on the way into it. */
  readonly place: string;
  /** `content` leaves unless it is withheld; `never` leaves in no mode (headers, links, credentials in URLs). */
  readonly sort: 'content' | 'never';
}

/** Hands out secrets, each of its own number. */
export interface SecretBook {
  readonly planted: readonly Planted[];
  /** A fresh secret, one word. */
  next(source: string, place: string, sort?: Planted['sort']): string;
}

export function createSecretBook(): SecretBook {
  const planted: Planted[] = [];
  return {
    planted,
    next(source, place, sort = 'content') {
      const id = planted.length;
      planted.push({ id, source, place, sort });
      return `${MARK}${id}-x`;
    },
  };
}

/** A secret that cannot be told from others any more, since only a part of it was found. */
export const UNNUMBERED = -1;

/**
 * Numbers of the secrets in a text that left the process, in whatever way it was written: plain, in any case, with
 * characters escaped as in JSON or a URL, in base64 or in hexadecimal.
 */
export function secretsIn(text: string): ReadonlySet<number> {
  const found = new Set<number>();
  for (const readable of readings(text)) {
    for (const [, id] of readable.matchAll(/SECRET-(?:(\d+)-)?/gi)) {
      found.add(id === undefined ? UNNUMBERED : Number(id));
    }
  }
  return found;
}

function* readings(text: string): Generator<string> {
  yield text;
  if (/\\+u[0-9a-f]{4}/i.test(text)) {
    yield text.replaceAll(/\\+u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number(`0x${hex}`)));
  }
  if (/%[45][0-9a-f]/i.test(text)) {
    yield text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number(`0x${hex}`)));
  }
  if (BASE64_MARKS.some((mark) => text.includes(mark))) {
    for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{8,}/g)) {
      if (!BASE64_MARKS.some((mark) => run.includes(mark))) continue;
      for (const start of [0, 1, 2, 3]) yield Buffer.from(run.slice(start), 'base64').toString('latin1');
    }
  }
  if (text.includes(HEX_MARK) || text.includes(HEX_MARK.toUpperCase())) {
    for (const [run] of text.matchAll(/[0-9a-f]{8,}/gi)) {
      for (const start of [0, 1]) yield Buffer.from(run.slice(start), 'hex').toString('latin1');
    }
  }
}
