import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { ConfigProblem } from '../../config/config-error.ts';
import type { ResolvedConfig } from '../../config/resolve-config.ts';
import { explainSpans } from '../../explain/explain-spans.ts';
import { joinLogRecords } from '../../pipeline/log-content/join-log-records.ts';
import { createPipeline, type Pipeline } from '../../pipeline/pipeline.ts';
import type { OtlpLogRecord } from '../../translate/span/read-otlp-json.ts';
import type { SpanView } from '../../translate/span/span-view.ts';
import type { CliIo, Output } from '../io.ts';
import { nameOfFile, readOtlpFile } from '../otlp-files.ts';
import { type ConnectionFlags, type PrivacyFlags, usableSettings } from '../settings.ts';
import { countOf } from '../spool-access.ts';

export interface SendFlags extends ConnectionFlags, PrivacyFlags {
  readonly dryRun?: boolean;
  /** File that remembers how far each file was sent. */
  readonly resume?: string;
}

/** Spans of one hand-over. Whole traces come together where the file has them together. */
const CHUNK_SPANS = 512;

/** How far files were sent, by name and content. */
type Sent = Record<string, number>;

/**
 * Sends the spans in files of OTLP the way that an exporter sends them. The same spans make the same events, so sending a
 * file twice adds nothing. 0 when all of them reached PostHog, else 1.
 */
export async function runSend(
  files: readonly string[],
  flags: SendFlags,
  io: CliIo,
  output: Output,
): Promise<0 | 1> {
  // To see what would be sent, no key is needed.
  const isHarmless = ({ code }: ConfigProblem) => flags.dryRun === true && code === 'api-key-missing';
  const config = usableSettings(flags, io, output, isHarmless);
  if (config === undefined) return 1;
  const found = await readFiles(files, io, output);
  if (found === undefined) return 1;
  // Log records may stand in files of their own, in any order.
  const records = found.flatMap((file) => file.records);
  const pipeline = createPipeline(config);
  const sent = flags.resume === undefined ? {} : await readSent(flags.resume);
  let isComplete = true;
  for (const { name, spans, id } of found) {
    if (spans.length === 0) continue;
    const joined = joinLogRecords(spans, records);
    if (flags.dryRun) {
      preview(name, joined, pipeline, output);
      continue;
    }
    const start = Math.min(sent[id] ?? 0, joined.length);
    const end = await sendSpans(name, joined, start, pipeline, io, output);
    isComplete &&= end === joined.length;
    if (flags.resume !== undefined) await writeSent(flags.resume, Object.assign(sent, { [id]: end }));
    if (!isComplete) break;
  }
  await pipeline.shutdown();
  if (!flags.dryRun) report(pipeline, config, output);
  return isComplete ? 0 : 1;
}

interface FoundFile {
  readonly name: string;
  readonly spans: readonly SpanView[];
  readonly records: readonly OtlpLogRecord[];
  readonly id: string;
}

async function readFiles(
  files: readonly string[],
  io: CliIo,
  output: Output,
): Promise<readonly FoundFile[] | undefined> {
  const found: FoundFile[] = [];
  for (const file of files) {
    const read = await readOtlpFile(file, io);
    if ('problem' in read) {
      output.complain(read.problem);
      return undefined;
    }
    const { spans, records, unreadable } = read;
    if (spans.length + records.length + unreadable === 0)
      output.complain(`${nameOfFile(file)} holds no spans and no log records.`);
    if (unreadable > 0)
      output.complain(`${nameOfFile(file)}: ${countOf(unreadable, 'span')} without ids passed over.`);
    const ids = spans.map(({ traceId, spanId }) => `${traceId}${spanId}`).join();
    found.push({
      name: nameOfFile(file),
      spans,
      records,
      id: createHash('sha256').update(ids).digest('hex'),
    });
  }
  return found;
}

/** @returns up to where spans were sent: all of them, or the first of a hand-over that lost some */
async function sendSpans(
  name: string,
  spans: readonly SpanView[],
  start: number,
  pipeline: Pipeline,
  io: CliIo,
  output: Output,
): Promise<number> {
  if (start === spans.length) output.complain(`${name}: sent before.`);
  else if (start > 0) output.complain(`${name}: going on at span ${start + 1} of ${spans.length}.`);
  for (let at = start; at < spans.length; at += CHUNK_SPANS) {
    const { losses } = await pipeline.take(spans.slice(at, at + CHUNK_SPANS));
    for (const { reason, events, detail } of losses) {
      output.complain(`${name}: ${countOf(events, 'event')} lost: ${reason}${detail ? `. ${detail}` : ''}`);
    }
    if (losses.length > 0) return at;
    showProgress(name, Math.min(at + CHUNK_SPANS, spans.length), spans.length, io);
  }
  return spans.length;
}

const BAR_WIDTH = 30;

/** One line that is written over, where a person looks; nothing in a pipe. */
function showProgress(name: string, done: number, total: number, { stderr }: CliIo): void {
  if (!('isTTY' in stderr) || stderr.isTTY !== true) return;
  const filled = Math.round((done / total) * BAR_WIDTH);
  const bar = `${'='.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}`;
  stderr.write(`\r${name} [${bar}] ${done} of ${total} spans${done === total ? '\n' : ''}`);
}

function preview(name: string, spans: readonly SpanView[], { translate }: Pipeline, output: Output): void {
  const events = new Map<string, number>();
  for (const { outcome } of explainSpans(spans, { translate, enabled: true, showContent: false })) {
    const kind = outcome.type === 'filtered' ? 'not sent' : outcome.event;
    events.set(kind, (events.get(kind) ?? 0) + 1);
  }
  const counts = [...events].map(([event, count]) => `${count} ${event}`).join(', ');
  output.print(`${name}: ${countOf(spans.length, 'span')}: ${counts}.`);
}

function report(pipeline: Pipeline, { endpoint }: ResolvedConfig, output: Output): void {
  const { delivered, filtered, sampledOut } = pipeline.stats();
  const others = filtered + sampledOut;
  output.print(
    `Sent ${countOf(delivered, 'event')} to ${new URL(endpoint).host}${others > 0 ? `; ${countOf(others, 'span')} not to be sent` : ''}.`,
  );
}

async function readSent(file: string): Promise<Sent> {
  try {
    const held: unknown = JSON.parse(await readFile(file, 'utf8'));
    const entries = Object.entries(Object(held)).filter(([, count]) => Number.isInteger(count));
    return Object.fromEntries(entries) as Sent;
  } catch {
    return {};
  }
}

/** By renaming, so that an end in between leaves the file as it was. */
async function writeSent(file: string, sent: Sent): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(sent)}\n`);
  await rename(`${file}.new`, file);
}
