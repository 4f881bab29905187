import { joinLogRecords } from '../../../src/pipeline/log-content/join-log-records.ts';
import { readOtlpJson, readOtlpLogsJson } from '../../../src/translate/span/read-otlp-json.ts';
import type { SpanView } from '../../../src/translate/span/span-view.ts';
import { listFolders, readRecordings } from '../../corpus/recordings.ts';
import { plantInLogs, plantInSpans } from './plant.ts';
import { toSdkLogRecord, toSdkSpan } from './sdk-shapes.ts';
import type { SecretBook } from './secrets.ts';

/** Spans with secrets, in the shapes in which an application has them. */
export interface Load {
  /** Folder of the recordings, or what else the spans have in common. */
  readonly name: string;
  /** With their log records. */
  readonly views: readonly SpanView[];
  readonly spans: readonly object[];
  readonly logRecords: readonly object[];
}

/** Every recording, planted, by folder. */
export function plantCorpus(book: SecretBook): {
  readonly loads: readonly Load[];
  readonly recordings: number;
} {
  const folders = listFolders().map((folder) => ({ folder, recordings: readRecordings(folder) }));
  const loads = folders.map(({ folder, recordings }): Load => {
    const parts = recordings.map((recording) => {
      const spans = plantInSpans(recording.spans ?? {}, recording.name, book);
      const logs = readOtlpLogsJson(plantInLogs(recording.logs ?? {}, recording.name, book));
      const views = readOtlpJson(spans);
      const links = linksOf(spans);
      return {
        views: joinLogRecords(views, logs),
        spans: views.map((view) => toSdkSpan(view, links)),
        logRecords: logs.map(toSdkLogRecord),
      };
    });
    return {
      name: folder,
      views: parts.flatMap(({ views }) => views),
      spans: parts.flatMap(({ spans }) => spans),
      logRecords: parts.flatMap(({ logRecords }) => logRecords),
    };
  });
  const count = folders.reduce((sum, { recordings }) => sum + recordings.length, 0);
  return { loads, recordings: count };
}

/** Spans carry the links of their neighbours as well; they are not to be seen anyway. */
function linksOf(document: unknown): object[] {
  const found: object[] = [];
  JSON.stringify(document, (key, value: unknown) => {
    if (key === 'links' && Array.isArray(value)) found.push(...value);
    return value;
  });
  return found.map((link) => {
    const { attributes = [] } = link as { attributes?: { key: string; value: { stringValue: string } }[] };
    return { attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue])) };
  });
}
