import { describe, expect, it } from 'vitest';
import { listFolders, readRecordings } from '../corpus/recordings.ts';
import { checkRecording } from './check-recording.ts';
import { print, wrongOnes } from './report.ts';
import { type Finding, RULES } from './rules.ts';

const findings: Finding[] = [];

describe('what PostHog bills, lists and shows of the recordings', () => {
  it.each(listFolders())('%s', (folder) => {
    const found = readRecordings(folder).flatMap(checkRecording);
    findings.push(...found);
    expect(
      wrongOnes(found).map(({ recording, rule, detail }) => `${recording} | ${rule} | ${detail}`),
    ).toEqual([]);
  });

  it('is compared by every rule', () => {
    const seen = new Set(findings.map(({ rule }) => rule));
    expect(
      RULES.filter((rule) => !seen.has(rule)),
      print(0, findings),
    ).toEqual([]);
  });
});
