import { createSlicer } from '../../ledger/time-slices.ts';
import {
  type OtlpLogRecord,
  type OtlpSpans,
  readOtlpJsonRequest,
  readOtlpLogsJson,
} from '../../translate/span/read-otlp-json.ts';
import { eachOtlpSpan, readOtlpLogsProtobuf } from '../../translate/span/read-otlp-protobuf.ts';
import type { SpanView } from '../../translate/span/span-view.ts';
import type { OtlpEncoding, Refusal } from './otlp-answer.ts';
import { parseJsonBody } from './parse-json-body.ts';

/** The spans of a request, or why there are none. Gives way to the event loop when there are many. Never rejects. */
export async function decodeSpans(encoding: OtlpEncoding, body: Buffer): Promise<OtlpSpans | Refusal> {
  const giveWay = createSlicer();
  const spans: SpanView[] = [];
  let unreadable = 0;
  if (encoding === 'json') {
    const documents = await parseJsonBody(body);
    if ('reason' in documents) return documents;
    for (const document of documents) {
      const read = readOtlpJsonRequest(document);
      spans.push(...read.spans);
      unreadable += read.unreadable;
      await giveWay();
    }
    return { spans, unreadable };
  }
  try {
    for (const view of eachOtlpSpan(body)) {
      if (view) spans.push(view);
      else unreadable += 1;
      const pausing = giveWay();
      if (pausing) await pausing;
    }
    return { spans, unreadable };
  } catch (error) {
    return notProtobuf(error);
  }
}

/** The log records of a request, or why there are none. Never rejects. */
export async function decodeLogs(
  encoding: OtlpEncoding,
  body: Buffer,
): Promise<{ readonly records: readonly OtlpLogRecord[] } | Refusal> {
  if (encoding === 'json') {
    const documents = await parseJsonBody(body);
    return 'reason' in documents ? documents : { records: documents.flatMap(readOtlpLogsJson) };
  }
  try {
    return { records: readOtlpLogsProtobuf(body) };
  } catch (error) {
    return notProtobuf(error);
  }
}

function notProtobuf(error: unknown): Refusal {
  const where = error instanceof Error ? error.message : 'damaged';
  return { reason: 'bad-request', message: `The body is no OTLP request in protobuf: ${where}.` };
}
