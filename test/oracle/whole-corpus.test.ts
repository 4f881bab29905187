import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Recording } from '../corpus/recordings.ts';
import { checkRecording } from './check-recording.ts';
import { figures, print, WANTED_PERCENT } from './report.ts';

/** A folder of `<family>/<scenario>.json`, with truths and logs beside; set by `npm run check:oracle`. */
const corpus = process.env['ORACLE_CORPUS'];

describe.runIf(corpus)('every recording of the corpus', () => {
  it('is billed, listed and shown as it happened', () => {
    const recordings = listRecordings(corpus ?? '');
    const findings = recordings.flatMap((read) => checkRecording(read()));
    process.stdout.write(`${print(recordings.length, findings)}\n`);
    const below = figures(findings).filter(
      ({ compared, right, excused }) => 100 * (right + excused) < WANTED_PERCENT * compared,
    );
    expect(below.map(({ rule }) => rule)).toEqual([]);
  }, 1_800_000);
});

/** Read one by one, since all together are large. */
function listRecordings(folder: string): (() => Recording)[] {
  const only = new RegExp(process.env['ORACLE_ONLY'] ?? '');
  const families = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return families.flatMap(({ name: family }) =>
    readdirSync(join(folder, family))
      .filter((file) => file.endsWith('.json') && !/\.(?:truth|logs)\.json$/.test(file))
      .map((file) => file.slice(0, -'.json'.length))
      .filter((scenario) => only.test(`${family}/${scenario}`))
      .map((scenario) => () => readRecording(folder, family, scenario)),
  );
}

function readRecording(folder: string, family: string, scenario: string): Recording {
  const read = (ending: string): unknown => {
    const file = join(folder, family, `${scenario}${ending}`);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  };
  return {
    name: `${family}/${scenario}`,
    folder: family,
    scenario,
    spans: read('.json'),
    logs: read('.logs.json'),
    exchanges: (read('.truth.json') ?? []) as Recording['exchanges'],
    expectedFile: '',
  };
}
