import type { SpanView } from '../span/span-view.ts';
import type { FieldReader } from './field-reader.ts';

/** A record that was written when all was over has the duration in words. */
export function startOf({ startTimeMs, endTimeMs }: SpanView, reader: FieldReader): number | undefined {
  const seconds = reader.get('durationSeconds');
  return seconds === undefined || endTimeMs === undefined ? startTimeMs : endTimeMs - seconds * 1000;
}

/** Clocks of an emitter and of its SDK may differ by this, in seconds. */
const CLOCK_DIFFERENCE_S = 0.1;

/** Some emitters write the length of the whole call where nothing was streamed, others a unit that they do not say. */
export function firstTokenSeconds(
  { startTimeMs, endTimeMs }: SpanView,
  reader: FieldReader,
): number | undefined {
  const seconds = reader.get('timeToFirstTokenSeconds');
  if (seconds === undefined || reader.get('streaming') === false) return undefined;
  const lasted = startTimeMs === undefined || endTimeMs === undefined ? 0 : (endTimeMs - startTimeMs) / 1000;
  return lasted > 0 && seconds > lasted + CLOCK_DIFFERENCE_S ? undefined : seconds;
}
