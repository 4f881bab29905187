import { useState } from 'preact/hooks';
import type { RecentCall } from '../../observe/recent-calls.ts';
import type { Api } from './api.ts';
import type { Row } from './call-list.ts';
import { milliseconds } from './format.ts';
import { messageOf, useAnswer } from './use-answer.ts';
import { type WaterfallLine, waterfallLines } from './waterfall.ts';

interface TraceViewProps {
  readonly api: Api;
  readonly call: RecentCall;
  readonly rows: readonly Row[];
  readonly content: boolean;
  readonly onChoose: (key: string) => void;
}

/** The spans of the trace over time. Those that became events can be chosen. */
export function TraceView({ api, call, rows, content, onChoose }: TraceViewProps) {
  const answer = useAnswer(() => api.trace(call.traceId), [api, call.traceId, rows.length]);
  if (answer.type === 'waiting') return <p class="nothing">Asking the gateway …</p>;
  if (answer.type === 'failed') return <p class="problem">{answer.message}</p>;
  const lines = waterfallLines(answer.value);
  if (lines.length === 0) return <p class="nothing">The gateway no longer holds the spans of this trace.</p>;
  return (
    <>
      <div class="actions">
        <DownloadButton api={api} traceId={call.traceId} content={content} />
        <span class="note">
          {lines.length} {lines.length === 1 ? 'span' : 'spans'}, as received
        </span>
      </div>
      <ol class="waterfall">
        {lines.map((line) => (
          <Line
            key={line.span.spanId}
            line={line}
            isChosen={line.span.spanId === call.spanId}
            row={rows.find(
              ({ calls: [one] }) => one.traceId === call.traceId && one.spanId === line.span.spanId,
            )}
            onChoose={onChoose}
          />
        ))}
      </ol>
    </>
  );
}

interface LineProps {
  readonly line: WaterfallLine;
  readonly isChosen: boolean;
  /** Absent when the span became no event that is in the list. */
  readonly row: Row | undefined;
  readonly onChoose: (key: string) => void;
}

/** Deeper spans are not indented further, so that their names stay readable. */
const MAX_INDENT = 12;

function Line({ line, isChosen, row, onChoose }: LineProps) {
  const { span, depth, left, width, durationMs } = line;
  const kind = row ? row.calls[0].event.replace('$ai_', '') : 'other';
  return (
    <li>
      <button
        type="button"
        disabled={!row}
        aria-current={isChosen ? 'true' : undefined}
        title={`${span.name} · ${span.scope}`}
        onClick={() => row && onChoose(row.key)}
      >
        <span class="label" style={{ paddingLeft: `${Math.min(depth, MAX_INDENT) * 14}px` }}>
          {span.isError && <span class="dot error" title="failed" />}
          {span.name || span.spanId}
        </span>
        <span class="lane">
          <span
            class={`bar ${kind}${span.isError ? ' error' : ''}`}
            style={{ left: `${left}%`, width: `${width}%` }}
          />
        </span>
        <span class="duration">{milliseconds(durationMs)}</span>
      </button>
    </li>
  );
}

interface DownloadButtonProps {
  readonly api: Api;
  readonly traceId: string;
  readonly content: boolean;
}

function DownloadButton({ api, traceId, content }: DownloadButtonProps) {
  const [problem, setProblem] = useState<string>();
  const download = async (): Promise<void> => {
    try {
      saveAs(await api.traceFile(traceId), `trace-${traceId}.json`);
      setProblem(undefined);
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return (
    <>
      <button
        type="button"
        disabled={!content}
        title={
          content
            ? 'Read it again with: posthog-llm-exporter explain FILE'
            : 'Spans hold content, which this page does not show (page.content)'
        }
        onClick={download}
      >
        Download OTLP/JSON
      </button>
      {problem !== undefined && <span class="problem">{problem}</span>}
    </>
  );
}

function saveAs(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
