import { type EventItem, readEventItems } from './event-items.ts';
import type { Evidence } from './evidence.ts';
import { canonical, json } from './json.ts';
import type { Match } from './match-calls.ts';
import { type Note, short } from './report.ts';
import { findItem, isAllowed, isRecorded, textsIn } from './said-items.ts';
import type { TruthItem } from './truth-call.ts';

type Side = 'input' | 'output';

/** Everything that was said and stands in the span must stand in the event, and nothing else. */
export function checkContent({ truth, translated, span }: Match, note: Note): void {
  const { event } = translated;
  const { properties } = event;
  const allowed = textsIn([truth.input, truth.output, JSON.parse(truth.requestText), truth.answer]);
  if (truth.kind === 'embedding') {
    checkEmbeddingInput(truth.input, properties['$ai_input'], span.evidence, note);
    return;
  }
  const said = [...truth.input, ...truth.output.flat()].flatMap((item) =>
    'text' in item ? [item.text] : [],
  );
  const scene = { evidence: span.evidence, said, allowed, note };
  checkSide('input', truth.input, readEventItems(properties['$ai_input']), scene);
  checkSide('output', truth.output.flat(), readEventItems(properties['$ai_output_choices']), scene);
  checkChoices(truth.output, properties['$ai_output_choices'], span.evidence, note);
  const offered = json(properties['$ai_tools']).items.map(
    (tool) => tool.at('function', 'name').text ?? tool.at('name').text,
  );
  const definitions = span.evidence
    .valuesBelow(/tool.*definition|prompt\.tools|llm\.tools|request\.functions|available_tools|\.tools\./i)
    .map(String);
  for (const name of truth.toolNames) {
    if (definitions.some((text) => text === name)) {
      note('tools offered', offered.includes(name), () => `${name} is not among ${short(offered)}`);
    }
  }
}

interface Scene {
  readonly evidence: Evidence;
  /** All texts of the exchange. */
  readonly said: readonly string[];
  /** The same and every other text of request and answer, the longest first. */
  readonly allowed: readonly string[];
  readonly note: Note;
}

function checkSide(
  side: Side,
  truth: readonly TruthItem[],
  said: readonly EventItem[],
  { evidence, said: texts, allowed, note }: Scene,
): void {
  const positions: number[] = [];
  for (const item of truth) {
    if (!isRecorded(item, evidence, texts)) continue;
    const found = findItem(item, said, positions.at(-1) ?? 0);
    note(CHECKS[side][item.type], found !== undefined, () => `missing: ${short(item)} in ${short(said)}`);
    if (!found) continue;
    positions.push(found.place);
    checkDetails(side, item, found, evidence, note);
  }
  note(
    `${side} order`,
    positions.every((position, index) => index === 0 || position >= (positions[index - 1] ?? 0)),
    () => `said in the order ${positions.join(', ')}: ${short(said)}`,
  );
  checkSaidOnce(side, truth, said, note);
  for (const item of said) {
    if (item.type === 'media' || item.type === 'tool_call') continue;
    note(`nothing foreign in ${side}`, isAllowed(item, allowed), () => short(item));
  }
}

const CHECKS = {
  input: {
    text: 'input text',
    reasoning: 'input reasoning',
    tool_call: 'input tool call',
    tool_result: 'input tool result',
    media: 'input media',
  },
  output: {
    text: 'output text',
    reasoning: 'output reasoning',
    tool_call: 'output tool call',
    tool_result: 'output tool result',
    media: 'output media',
  },
} as const;

/** Role and ids of an item that was found. */
function checkDetails(side: Side, truth: TruthItem, said: TruthItem, evidence: Evidence, note: Note): void {
  if (truth.type === 'text' && said.type === 'text') {
    note(`${side} role`, roleOf(said.role) === roleOf(truth.role), () => `${said.role} said ${short(truth)}`);
  }
  if (truth.type === 'tool_call' && said.type === 'tool_call' && isIdRecorded(truth.id, evidence)) {
    note(`${side} tool call`, said.id === truth.id, () => `id ${said.id} instead of ${truth.id}`);
  }
  if (truth.type === 'tool_result' && said.type === 'tool_result' && isIdRecorded(truth.id, evidence)) {
    note(`${side} tool result`, said.id === truth.id, () => `id ${said.id} instead of ${truth.id}`);
  }
}

function isIdRecorded(id: string | undefined, evidence: Evidence): boolean {
  return id !== undefined && evidence.hasExactly(id);
}

function roleOf(role: string): string {
  return role === 'developer' ? 'system' : role;
}

function checkSaidOnce(
  side: Side,
  truth: readonly TruthItem[],
  said: readonly TruthItem[],
  note: Note,
): void {
  const texts = (items: readonly TruthItem[], text: string) =>
    items.filter((item) => 'text' in item && item.text.includes(text)).length;
  for (const item of truth) {
    if (!('text' in item) || item.text.length < 12) continue;
    const expected = texts(truth, item.text);
    const found = texts(said, item.text);
    note(
      `${side} said once`,
      found <= expected,
      () => `${found} times instead of ${expected}: ${short(item)}`,
    );
  }
  const calls = (items: readonly TruthItem[]) => items.filter(({ type }) => type === 'tool_call').length;
  note(`${side} said once`, calls(said) <= calls(truth), () => `${calls(said)} tool calls: ${short(said)}`);
}

/** One element per choice; reasoning and steps that must keep their order may stand before an answer. */
function checkChoices(
  choices: Match['truth']['output'],
  output: unknown,
  evidence: Evidence,
  note: Note,
): void {
  const recorded = choices.filter((items) => items.some((item) => isRecorded(item, evidence)));
  if (recorded.length === 0) return;
  const answers = json(output).items.filter((message) => {
    const [item] = readEventItems([message.value]);
    return item !== undefined && item.type !== 'reasoning' && item.type !== 'tool_result';
  });
  const isSplit = choices.some((items) => items.filter(({ type }) => type !== 'reasoning').length > 1);
  const different = new Set(recorded.map(canonical)).size;
  const isRight = answers.length >= different && (isSplit || answers.length <= recorded.length);
  note('one element per choice', isRight, () => `${answers.length} for ${recorded.length}: ${short(output)}`);
}

function checkEmbeddingInput(
  truth: readonly TruthItem[],
  input: unknown,
  evidence: Evidence,
  note: Note,
): void {
  const said = typeof input === 'string' ? [input] : json(input).items.map((item) => item.text);
  for (const item of truth) {
    if (item.type !== 'text' || !evidence.hasText(item.text)) continue;
    note('input text', said.includes(item.text), () => `${short(item.text)} is not ${short(input)}`);
  }
  note('input said once', said.length <= truth.length, () => short(input));
}
