import { readFile } from 'node:fs/promises';
import { resolveExplainSetup } from '../explain/explain-options.ts';
import { explainSpans } from '../explain/explain-spans.ts';
import { renderExplanations } from '../explain/render.ts';
import { joinLogRecords } from '../pipeline/log-content/join-log-records.ts';
import { readOtlpJson, readOtlpLogsJson } from '../translate/span/read-otlp-json.ts';
import type { CliIo, Output } from './io.ts';

export interface ExplainFlags {
  readonly logs?: string;
  readonly json?: boolean;
  readonly content?: boolean;
  readonly privacyMode?: boolean;
}

type Stdin = Pick<CliIo, 'stdin'>;
type Reading<T> = { readonly found: T } | { readonly problem: string };

/** Says what becomes of the spans in an OTLP/JSON file, and why. 0 when it has spans, else 1. */
export async function runExplain(
  file: string,
  flags: ExplainFlags,
  io: Stdin,
  output: Output,
): Promise<0 | 1> {
  const traces = await readDocuments(file, io);
  const logs = flags.logs === undefined ? { found: [] } : await readDocuments(flags.logs, io);
  for (const reading of [traces, logs]) {
    if ('problem' in reading) output.complain(reading.problem);
  }
  if ('problem' in traces || 'problem' in logs) return 1;

  const records = [...traces.found, ...logs.found].flatMap(readOtlpLogsJson);
  const spans = joinLogRecords(traces.found.flatMap(readOtlpJson), records);
  if (spans.length === 0) {
    output.complain(`${nameOf(file)} holds no spans. It must be OTLP/JSON: {"resourceSpans": […]}.`);
    return 1;
  }
  const { content = false, privacyMode = false } = flags;
  const setup = resolveExplainSetup({ showContent: content, ...(privacyMode ? { privacyMode } : {}) });
  const explanations = explainSpans(spans, setup);
  output.print(flags.json ? JSON.stringify(explanations, undefined, 2) : renderExplanations(explanations));
  return 0;
}

/** One JSON document, or one in each line as the Collector's file exporter writes them. */
async function readDocuments(file: string, io: Stdin): Promise<Reading<readonly unknown[]>> {
  const text = await readText(file, io);
  if ('problem' in text) return text;
  const whole = parse(text.found);
  if (whole !== undefined) return { found: [whole] };
  const lines = text.found.split('\n').filter((line) => line.trim() !== '');
  const documents = lines.map(parse);
  // The parser's own message would quote the text, which may be anything.
  return documents.includes(undefined) || lines.length === 0
    ? { problem: `${nameOf(file)} is not JSON.` }
    : { found: documents };
}

async function readText(file: string, { stdin }: Stdin): Promise<Reading<string>> {
  try {
    if (file !== '-') return { found: await readFile(file, 'utf8') };
    const chunks: Buffer[] = [];
    for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array | string));
    return { found: Buffer.concat(chunks).toString('utf8') };
  } catch (error) {
    const code = (error as { readonly code?: unknown } | null)?.code;
    return { problem: `${nameOf(file)} cannot be read${typeof code === 'string' ? ` (${code})` : ''}.` };
  }
}

function nameOf(file: string): string {
  return file === '-' ? 'Standard input' : file;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
