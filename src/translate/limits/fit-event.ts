import { isHolder } from '../../json/json-holder.ts';
import { encodePieces } from '../../json/memory/encode-pieces.ts';
import type { Page } from '../../json/memory/page.ts';
import { atOnce, STEP_UNITS, type Steps } from '../../json/steps.ts';
import { byteLengthInSteps, encodeInSteps, stringifyInSteps } from '../../json/stringify-in-steps.ts';
import type { PostHogEvent } from '../posthog-event.ts';
import { cleanEvent } from './clean-event.ts';
import { stringifyEvent } from './stringify-event.ts';
import { trimEvent, trimParsed } from './trim-event.ts';
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
  return atOnce(fitInSteps(event, maxEventBytes));
}

/** As `fitEvent`, with pauses when there is much to do. */
export function* fitInSteps(event: PostHogEvent, maxEventBytes: number, isLarge = false): Steps<FitResult> {
  if (isLarge) return yield* fitLarge(event, maxEventBytes);
  const pieces = stringifyEvent(event);
  if (pieces === undefined) return TOO_LARGE;
  // A unit has at least one byte, so what has too many need not be encoded to be measured.
  const units = pieces.reduce((sum, { length }) => sum + length, 0);
  if (units > maxEventBytes) return yield* trimPieces(pieces, maxEventBytes);
  if (units <= STEP_UNITS) {
    const encoded = encodePieces(pieces, maxEventBytes);
    return encoded
      ? { json: encoded.bytes, trimmed: NOTHING_TRIMMED, page: encoded.page }
      : yield* trimPieces(pieces, maxEventBytes);
  }
  yield;
  const isTooLarge = (yield* byteLengthInSteps(pieces)) > maxEventBytes;
  if (isTooLarge) return yield* trimPieces(pieces, maxEventBytes);
  return { json: yield* encodeInSteps(pieces), trimmed: NOTHING_TRIMMED };
}

/** By a copy: so nothing of it need be written and parsed in one go. */
function* fitLarge(event: PostHogEvent, maxEventBytes: number): Steps<FitResult> {
  try {
    yield;
    const copy = cleanEvent(event);
    yield;
    if (!isHolder(copy)) return TOO_LARGE;
    const pieces = yield* stringifyInSteps(copy);
    const bytes = yield* byteLengthInSteps(pieces);
    if (bytes > maxEventBytes) return (yield* trimParsed(copy, bytes, maxEventBytes)) ?? TOO_LARGE;
    return { json: yield* encodeInSteps(pieces), trimmed: NOTHING_TRIMMED };
  } catch {
    return TOO_LARGE;
  }
}

function* trimPieces(pieces: readonly string[], maxEventBytes: number): Steps<FitResult> {
  yield;
  return (yield* trimEvent(toWellFormed(pieces.join('')), maxEventBytes)) ?? TOO_LARGE;
}

/** As `fitEvent`, for an event that is JSON already; for a limit that turns out to be lower than was thought. */
export function fitSerialised(json: Buffer, maxEventBytes: number): FitResult {
  if (json.length <= maxEventBytes) return { json, trimmed: NOTHING_TRIMMED };
  return atOnce(trimEvent(json.toString(), maxEventBytes)) ?? TOO_LARGE;
}
