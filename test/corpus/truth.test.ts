import { afterAll, describe, expect, it } from 'vitest';
import { listFolders, readRecordings } from './recordings.ts';
import {
  checkCounting,
  checkRecording,
  translateSpanBySpan,
  translateWhole,
} from './truth/check-recording.ts';
import { readRawSpans } from './truth/evidence.ts';
import { judge } from './truth/exceptions.ts';
import { readExchange } from './truth/read-exchange.ts';
import type { Finding } from './truth/report.ts';
import { summarise } from './truth/summary.ts';

const findings: Finding[] = [];
const events = new Map<string, number>();
const figures = { recordings: 0, spans: 0, calls: 0, events };

describe.each(listFolders())('events of %s tell the truth', (folder) => {
  it.each(readRecordings(folder).map((recording) => [recording.scenario, recording] as const))(
    '%s',
    (_scenario, recording) => {
      const sent = translateWhole(recording);
      const found = checkRecording(recording, sent);
      findings.push(...found);
      figures.recordings++;
      figures.spans += readRawSpans(recording).length;
      figures.calls += recording.exchanges.filter((one) => readExchange(one).kind !== 'none').length;
      for (const { event } of sent) events.set(event.event, (events.get(event.event) ?? 0) + 1);
      const { failures } = judge(found);
      expect(failures.map(({ check, detail }) => `${check}: ${detail}`)).toEqual([]);
    },
  );
});

describe('calls are counted once when each span is exported as it ends', () => {
  it.each(listFolders())('%s', (folder) => {
    const found = readRecordings(folder).flatMap((recording) =>
      checkCounting(recording, translateSpanBySpan(recording)),
    );
    expect(judge(found).failures).toEqual([]);
  });
});

describe('the whole corpus', () => {
  it('needs every exception', () => {
    expect(judge(findings).unused.map(({ reason }) => reason)).toEqual([]);
  });

  it('is compared in every respect', () => {
    expect(findings.length).toBeGreaterThan(20_000);
  });

  afterAll(() => {
    console.log(summarise(figures, findings, judge(findings)));
  });
});
