import type { Translated } from '../pipeline.ts';
import type { RawSpan } from './evidence.ts';
import { canonical, parse } from './json.ts';
import { type Note, short } from './report.ts';
import type { TruthCall } from './truth-call.ts';

/** What a wrapper is, by the name that its instrumentation gives it. */
const WRAPPERS: readonly (readonly [name: RegExp, types: readonly string[]])[] = [
  [/^execute_tool |^ai\.toolCall|\.tool$|^anthropic\.custom_tool_use/, ['tool']],
  [/^invoke_agent\b|\.agent$/, ['agent']],
  [/^invoke_workflow\b|\.workflow$/, ['workflow']],
  [
    /^(?:agent_step|model_step|workflow_step)\b|^step \d|^execute_agent_loop_cycle$/,
    ['step', 'span', 'chain'],
  ],
  [/^kb[_-]search$|^elastic\.query$/, ['retriever']],
  [/\.task$/, ['task']],
  [/rerank/i, ['reranker']],
];

/** Tools, agents and chains around model calls: their kind, what they pass on, and no numbers. */
export function checkWrapper(
  { event }: Translated,
  span: RawSpan,
  truths: readonly TruthCall[],
  note: Note,
): void {
  const { properties } = event;
  const numbers = Object.keys(properties).filter((name) => /^\$ai_.*(?:tokens|_usd)$/.test(name));
  note('wrapper has no numbers', numbers.length === 0, () => `${span.name}: ${numbers.join(', ')}`);
  const type = properties['$ai_span_type'];
  for (const [name, types] of WRAPPERS) {
    if (name.test(span.name))
      note('kind of wrapper', types.includes(String(type)), () => `${span.name} is ${type}`);
  }
  if (span.hasErrorStatus) {
    note('failure of wrapper', properties['$ai_is_error'] === true, () => span.name);
  }
  if (type === 'tool') checkTool(properties, span, truths, note);
  else checkState(properties, span, truths, note);
}

/** What was asked and answered, where a wrapper repeats it. */
function checkState(
  properties: Readonly<Record<string, unknown>>,
  span: RawSpan,
  truths: readonly TruthCall[],
  note: Note,
): void {
  const state = JSON.stringify(
    opened([
      properties['$ai_input_state'],
      properties['$ai_output_state'],
      properties['$ai_tools'],
      properties['$ai_error'],
    ]),
  );
  for (const { input, output } of truths) {
    for (const item of [...input, ...output.flat()]) {
      if (
        item.type !== 'text' ||
        ['system', 'developer'].includes(item.role) ||
        !span.evidence.hasExactly(item.text)
      )
        continue;
      const text = JSON.stringify(opened(item.text));
      const isRight = state.includes(text.startsWith('"') ? text.slice(1, -1) : text);
      note('content of wrapper', isRight, () => `${span.name} lacks ${short(item.text)}: ${short(state)}`);
    }
  }
}

function checkTool(
  properties: Readonly<Record<string, unknown>>,
  span: RawSpan,
  truths: readonly TruthCall[],
  note: Note,
): void {
  const items = truths.flatMap(({ input, output }) => [...input, ...output.flat()]);
  for (const item of items) {
    if (
      item.type === 'tool_call' &&
      span.evidence.hasExactly(item.name) &&
      span.evidence.hasValue(item.args)
    ) {
      const state = opened(properties['$ai_input_state']);
      const isRight = canonical(state).includes(canonical(item.args));
      note('tool span content', isRight, () => `${short(state)} instead of ${short(item.args)}`);
    }
    if (item.type === 'tool_result' && item.text !== '' && span.evidence.hasText(item.text)) {
      const state = opened(properties['$ai_output_state']);
      const text = JSON.stringify(state) ?? '';
      const value = opened(item.text);
      const told = `${text} ${JSON.stringify(properties['$ai_error']) ?? ''}`;
      const isRight =
        told.includes(JSON.stringify(item.text).slice(1, -1)) || canonical(state).includes(canonical(value));
      note('tool span content', isRight, () => `${short(state)} instead of ${short(item.text)}`);
    }
  }
}

/** JSON in texts opened, at every level. */
function opened(value: unknown): unknown {
  if (typeof value === 'string') {
    const inner = /^\s*[[{"]/.test(value) ? parse(value) : undefined;
    return inner === undefined ? value : opened(inner);
  }
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, opened(member)]));
}
