import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import {
  type OtlpLogRecord,
  readOtlpJsonRequest,
  readOtlpLogsJson,
} from '../translate/span/read-otlp-json.ts';
import { readOtlpLogsProtobuf, readOtlpProtobuf } from '../translate/span/read-otlp-protobuf.ts';
import type { SpanView } from '../translate/span/span-view.ts';
import type { CliIo } from './io.ts';
import { isGzip } from './is-gzip.ts';

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
 * in protobuf; any of them may be packed by gzip. `-` is standard input. What is wrong is said without any of the content.
 */
export async function readOtlpFile(
  file: string,
  io: Stdin,
): Promise<OtlpFile | { readonly problem: string }> {
  const bytes = await readBytes(file, io);
  if (!Buffer.isBuffer(bytes)) return bytes;
  const read = bytes.length === 0 ? 'is empty' : readAnyForm(bytes);
  return typeof read === 'string' ? { problem: `${nameOfFile(file)} ${read}.` } : read;
}

/** @returns what the bytes hold, or what is wrong with them */
function readAnyForm(given: Buffer): OtlpFile | string {
  const bytes = isGzip(given) ? unpacked(given) : given;
  if (bytes === undefined) return 'is packed by gzip, and damaged or cut off';
  const text = bytes.toString('utf8');
  if (beginsAsJson(text)) {
    const documents = parseDocuments(text);
    return typeof documents === 'string' ? documents : readJson(documents);
  }
  return readProtobuf(bytes);
}

function unpacked(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes);
  } catch {
    return undefined;
  }
}

/** No request in protobuf does: it begins with the number of a field. */
function beginsAsJson(text: string): boolean {
  return /^\uFEFF?\s*[[{]/.test(text);
}

function readJson(documents: readonly unknown[]): OtlpFile {
  const requests = documents.map(readOtlpJsonRequest);
  return {
    spans: requests.flatMap(({ spans }) => spans),
    records: documents.flatMap(readOtlpLogsJson),
    unreadable: requests.reduce((sum, { unreadable }) => sum + unreadable, 0),
  };
}

export function nameOfFile(file: string): string {
  return file === '-' ? 'Standard input' : file;
}

/** @returns the documents, or what is wrong with them */
function parseDocuments(text: string): readonly unknown[] | string {
  const whole = parse(text);
  if (whole !== undefined) return [whole];
  const lines = text.split('\n').map((line, index) => ({ line, number: index + 1 }));
  const documents = lines
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => ({ document: parse(line), number }));
  const damaged = documents.find(({ document }) => document === undefined);
  if (damaged === undefined) return documents.map(({ document }) => document);
  // One document over many lines, unless the first line is one.
  return damaged === documents[0]
    ? 'begins as JSON, and is damaged or cut off'
    : `has JSON in lines, of which line ${damaged.number} is damaged or cut off; nothing of the file is used`;
}

/** The bytes do not say what they are a request of; no log record reads as a span with ids. */
function readProtobuf(bytes: Buffer): OtlpFile | string {
  try {
    const { spans, unreadable } = readOtlpProtobuf(bytes);
    if (spans.length > 0) return { spans, records: [], unreadable };
    const records = readOtlpLogsProtobuf(bytes);
    return records.length > 0 ? { spans: [], records, unreadable: 0 } : NOT_OTLP;
  } catch (error) {
    const isCut = bytes[0] === FIRST_FIELD && error instanceof Error;
    return isCut ? `begins as OTLP in protobuf, and is damaged or cut off: ${error.message}` : NOT_OTLP;
  }
}

const NOT_OTLP = 'is neither OTLP/JSON nor OTLP in protobuf';

/** What every request begins with: its first resource. */
const FIRST_FIELD = 0x0a;

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
