import { readFile } from 'node:fs/promises';
import {
  type OtlpLogRecord,
  readOtlpJsonRequest,
  readOtlpLogsJson,
} from '../translate/span/read-otlp-json.ts';
import { readOtlpLogsProtobuf, readOtlpProtobuf } from '../translate/span/read-otlp-protobuf.ts';
import type { SpanView } from '../translate/span/span-view.ts';
import type { CliIo } from './io.ts';

/** What a file of OTLP requests holds. */
export interface OtlpFile {
  readonly spans: readonly SpanView[];
  readonly records: readonly OtlpLogRecord[];
  /** Spans without ids. */
  readonly unreadable: number;
}

type Stdin = Pick<CliIo, 'stdin'>;

/**
 * Reads a file of OTLP: one JSON document, one in each line as the Collector's file exporter writes them, or one request
 * in protobuf. `-` is standard input.
 */
export async function readOtlpFile(
  file: string,
  io: Stdin,
): Promise<OtlpFile | { readonly problem: string }> {
  const bytes = await readBytes(file, io);
  if (!Buffer.isBuffer(bytes)) return bytes;
  const documents = parseDocuments(bytes.toString('utf8'));
  if (documents) {
    const requests = documents.map(readOtlpJsonRequest);
    return {
      spans: requests.flatMap(({ spans }) => spans),
      records: documents.flatMap(readOtlpLogsJson),
      unreadable: requests.reduce((sum, { unreadable }) => sum + unreadable, 0),
    };
  }
  return readProtobuf(bytes) ?? { problem: `${nameOfFile(file)} is neither OTLP/JSON nor OTLP in protobuf.` };
}

export function nameOfFile(file: string): string {
  return file === '-' ? 'Standard input' : file;
}

/** @returns `undefined` when the text is no JSON */
function parseDocuments(text: string): readonly unknown[] | undefined {
  const whole = parse(text);
  if (whole !== undefined) return [whole];
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const documents = lines.map(parse);
  return documents.length === 0 || documents.includes(undefined) ? undefined : documents;
}

/** The bytes do not say what they are a request of; no log record reads as a span with ids. */
function readProtobuf(bytes: Buffer): OtlpFile | undefined {
  try {
    const { spans, unreadable } = readOtlpProtobuf(bytes);
    if (spans.length > 0) return { spans, records: [], unreadable };
    const records = readOtlpLogsProtobuf(bytes);
    return records.length > 0 ? { spans: [], records, unreadable: 0 } : undefined;
  } catch {
    return undefined;
  }
}

async function readBytes(file: string, { stdin }: Stdin): Promise<Buffer | { readonly problem: string }> {
  try {
    if (file !== '-') return await readFile(file);
    const chunks: Buffer[] = [];
    for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array | string));
    return Buffer.concat(chunks);
  } catch (error) {
    const code = (error as { readonly code?: unknown } | null)?.code;
    return { problem: `${nameOfFile(file)} cannot be read${typeof code === 'string' ? ` (${code})` : ''}.` };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
