import type { SentEvent } from './stand-in-posthog.ts';

/** The events as trees, one for each trace: what PostHog shows of them. */
export function eventTree(events: readonly SentEvent[]): string {
  const traceIds = new Set(events.map(traceIdOf));
  return [...traceIds]
    .map((traceId) =>
      traceTree(
        traceId,
        events.filter((event) => traceIdOf(event) === traceId),
      ),
    )
    .join('\n\n');
}

function traceTree(traceId: string, events: readonly SentEvent[]): string {
  const [first] = events;
  const { trace_name: name, $ai_session_id: session } = first?.properties ?? {};
  const about = [
    `user ${first?.distinct_id}`,
    ...(session === undefined ? [] : [`session ${session}`]),
    `$ai_trace_id ${traceId}`,
  ];
  const ids = new Set(events.map(spanIdOf));
  const isTop = ({ properties }: SentEvent) => !ids.has(String(properties['$ai_parent_id']));
  return [`${name ?? 'trace'}  (${about.join(', ')})`, ...branches(events.filter(isTop), events, '')].join(
    '\n',
  );
}

function branches(siblings: readonly SentEvent[], all: readonly SentEvent[], indent: string): string[] {
  return siblings.toSorted(byTime).flatMap((event, index) => {
    const isLast = index === siblings.length - 1;
    const inner = indent + (isLast ? '   ' : '│  ');
    const children = all.filter(({ properties }) => properties['$ai_parent_id'] === spanIdOf(event));
    return [
      `${indent}${isLast ? '└─' : '├─'} ${summary(event)}`,
      ...texts(event).map((line) => `${inner}${children.length > 0 ? '│' : ' '}    ${line}`),
      ...branches(children, all, inner),
    ];
  });
}

function summary({ event, properties: p }: SentEvent): string {
  const tokens =
    p['$ai_input_tokens'] === undefined ? '' : `${p['$ai_input_tokens']} → ${p['$ai_output_tokens']} tokens`;
  const latency = typeof p['$ai_latency'] === 'number' ? `${p['$ai_latency'].toFixed(2)} s` : '';
  const end = p['$ai_is_error'] === true ? 'ERROR' : (p['$ai_stop_reason'] ?? '');
  const name = p['$ai_model'] ?? p['$ai_span_name'] ?? '';
  return [event, name, tokens, latency, end].filter((part) => part !== '').join('  ');
}

const MAX_TEXT_CHARACTERS = 70;

/** The last thing that went in, and what came out. */
function texts({ properties: p }: SentEvent): string[] {
  const { $ai_input: input, $ai_output_choices: output, $ai_error: error } = p;
  const lines: (readonly [string, unknown])[] = [
    ['in ', Array.isArray(input) ? (input.at(-1) as { content?: unknown } | undefined)?.content : undefined],
    ['out', Array.isArray(output) ? answerOf(output[0]) : undefined],
    ['err', error],
  ];
  return lines
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([label, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return `${label} ${text.length > MAX_TEXT_CHARACTERS ? `${text.slice(0, MAX_TEXT_CHARACTERS)}…` : text}`;
    });
}

function answerOf(choice: unknown): unknown {
  const { content, tool_calls: calls } = (choice ?? {}) as Readonly<Record<string, unknown>>;
  return content || calls;
}

const traceIdOf = ({ properties }: SentEvent) => String(properties['$ai_trace_id']);
const spanIdOf = ({ properties }: SentEvent) => String(properties['$ai_span_id']);
const byTime = (a: SentEvent, b: SentEvent) => String(a['timestamp']).localeCompare(String(b['timestamp']));
