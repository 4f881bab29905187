import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PostHogEvent } from '../../src/translate/posthog-event.ts';
import { readSpans, translateAll } from './pipeline.ts';
import { listFolders, readManifest, readRecordings } from './recordings.ts';

/** Set by `npm run corpus:update`: expected events are written instead of compared. */
const isUpdate = process.env['UPDATE_CORPUS'] === '1';

describe.each(listFolders())('events of %s', (folder) => {
  it.each(readRecordings(folder).map((recording) => [recording.scenario, recording] as const))(
    '%s',
    (_scenario, recording) => {
      const events = translateAll([readSpans(recording)]).map(({ event }) => event);
      const text = `${JSON.stringify(events.map(inStableOrder), null, 2)}\n`;
      if (isUpdate) writeFileSync(recording.expectedFile, text);
      expect(existsSync(recording.expectedFile), 'run npm run corpus:update').toBe(true);
      expect(text).toBe(readFileSync(recording.expectedFile, 'utf8'));
    },
  );

  it('names its packages with their versions', () => {
    const { packages } = readManifest(folder);
    expect(Object.keys(packages)).not.toEqual([]);
    for (const version of Object.values(packages)) expect(version).toMatch(/^\d+\.\d+\.\d+/);
  });
});

/** Envelope first, properties by name, so that a diff shows what changed and nothing else. */
function inStableOrder({ event, uuid, distinct_id, timestamp, properties }: PostHogEvent): object {
  const sorted = Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    event,
    uuid,
    distinct_id,
    timestamp,
    // The version of this package is in every event, and would be in every diff of a release.
    properties: { ...Object.fromEntries(sorted), $lib_version: '(this version)' },
  };
}
