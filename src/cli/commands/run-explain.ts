import { resolveExplainSetup } from '../../explain/explain-options.ts';
import { explainSpans } from '../../explain/explain-spans.ts';
import { renderExplanations } from '../../explain/render.ts';
import { joinLogRecords } from '../../pipeline/log-content/join-log-records.ts';
import type { CliIo, Output } from '../io.ts';
import { nameOfFile, type OtlpFile, readOtlpFile } from '../otlp-files.ts';

export interface ExplainFlags {
  readonly logs?: string;
  readonly json?: boolean;
  readonly content?: boolean;
  readonly privacyMode?: boolean;
}

type Stdin = Pick<CliIo, 'stdin'>;

/** Says what becomes of the spans in an OTLP/JSON file, and why. 0 when it has spans, else 1. */
export async function runExplain(
  file: string,
  flags: ExplainFlags,
  io: Stdin,
  output: Output,
): Promise<0 | 1> {
  const traces = await readOtlpFile(file, io);
  const logs = flags.logs === undefined ? NOTHING : await readOtlpFile(flags.logs, io);
  for (const reading of [traces, logs]) {
    if ('problem' in reading) output.complain(reading.problem);
  }
  if ('problem' in traces || 'problem' in logs) return 1;

  const spans = joinLogRecords(traces.spans, [...traces.records, ...logs.records]);
  if (spans.length === 0) {
    output.complain(
      `${nameOfFile(file)} holds no spans. It must be OTLP: {"resourceSpans": […]}, or protobuf.`,
    );
    return 1;
  }
  const { content = false, privacyMode = false } = flags;
  const setup = resolveExplainSetup({ showContent: content, ...(privacyMode ? { privacyMode } : {}) });
  const explanations = explainSpans(spans, setup);
  output.print(flags.json ? JSON.stringify(explanations, undefined, 2) : renderExplanations(explanations));
  return 0;
}

const NOTHING: OtlpFile = { spans: [], records: [], unreadable: 0 };
