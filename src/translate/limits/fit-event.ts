import { encodePieces } from '../../json/memory/encode-pieces.ts';
import type { Page } from '../../json/memory/page.ts';
import type { PostHogEvent } from '../posthog-event.ts';
import { stringifyEvent } from './stringify-event.ts';
import { trimEvent } from './trim-event.ts';
import type { Trim } from './trim-record.ts';
import { toWellFormed } from './well-formed.ts';

/** `trimmed` is empty when the event fitted as it was. */
export type FitResult =
  | {
      readonly json: Buffer;
      readonly trimmed: readonly Trim[];
      /** Where the JSON stands, to be given back; absent when it has memory of its own. */
      readonly page?: Page | undefined;
    }
  | { readonly tooLarge: true };

const TOO_LARGE: FitResult = { tooLarge: true };
const NOTHING_TRIMMED: readonly Trim[] = Object.freeze([]);

/**
 * The event as UTF-8 JSON of at most `maxEventBytes`, trimmed if it must be. Pure; never throws.
 *
 * @returns `tooLarge` when even ids, numbers and names do not fit, or when the event cannot be serialised at all
 */
export function fitEvent(event: PostHogEvent, maxEventBytes: number): FitResult {
  const pieces = stringifyEvent(event);
  return pieces === undefined ? TOO_LARGE : fitPieces(pieces, maxEventBytes);
}

/** As `fitEvent`, for an event that is JSON already; for a limit that turns out to be lower than was thought. */
export function fitSerialised(json: Buffer, maxEventBytes: number): FitResult {
  if (json.length <= maxEventBytes) return { json, trimmed: NOTHING_TRIMMED };
  return trimEvent(json.toString(), maxEventBytes) ?? TOO_LARGE;
}

function fitPieces(pieces: readonly string[], maxEventBytes: number): FitResult {
  const encoded = encodePieces(pieces, maxEventBytes);
  if (encoded) return { json: encoded.bytes, trimmed: NOTHING_TRIMMED, page: encoded.page };
  return trimEvent(toWellFormed(pieces.join('')), maxEventBytes) ?? TOO_LARGE;
}
