import { describe, expect, it } from 'vitest';
import { listOtherRecordings } from '../corpus/recordings.ts';
import { checkRecording } from './check-recording.ts';
import { figures, print, WANTED_PERCENT } from './report.ts';

/** A folder of `<family>/<scenario>.json`, with truths and logs beside; set by `npm run check:oracle`. */
const corpus = process.env['ORACLE_CORPUS'];

describe.runIf(corpus)('every recording of the corpus', () => {
  it('is billed, listed and shown as it happened', () => {
    const only = new RegExp(process.env['ORACLE_ONLY'] ?? '');
    const recordings = listOtherRecordings(corpus ?? '').filter(({ name }) => only.test(name));
    const findings = recordings.flatMap(({ read }) => checkRecording(read()));
    process.stdout.write(`${print(recordings.length, findings)}\n`);
    const below = figures(findings).filter(
      ({ compared, right, excused }) => 100 * (right + excused) < WANTED_PERCENT * compared,
    );
    expect(below.map(({ rule }) => rule)).toEqual([]);
  }, 1_800_000);
});
