import { printableLine } from '../ledger/printable.ts';
import {
  ATTRIBUTE_FATES,
  type AttributeExplanation,
  type Origin,
  type Outcome,
  type PropertyExplanation,
  type SpanExplanation,
} from './explanation.ts';

/** Characters of one value; the rest is for `--json`. */
const MAX_VALUE_CHARACTERS = 100;

/** Explanations for people, as plain text. */
export function renderExplanations(explanations: readonly SpanExplanation[]): string {
  const blocks = explanations.map(
    (explanation, index) => `${index + 1} of ${explanations.length}  ${renderSpan(explanation)}`,
  );
  return [...blocks, summarise(explanations)].join('\n\n');
}

function renderSpan(explanation: SpanExplanation): string {
  const { span, dialects, kind, outcome, notes, properties, privacy, trimmed, attributes } = explanation;
  const { scope } = span;
  const [claimed, ...others] = dialects;
  const named = ({ id, title, because }: (typeof dialects)[number]) =>
    `${title} (${id}): ${because.join(', ')}`;
  return [
    printableLine(span.name),
    line('span', `${span.spanId} of trace ${span.traceId}`),
    line('scope', `${scope.name || '(none)'}${scope.version ? ` ${scope.version}` : ''}`),
    line('claimed by', claimed ? named(claimed) : 'no dialect'),
    ...others.map((dialect) => line('also read as', named(dialect))),
    ...(kind ? [line('kind', `${kind.kind}: ${kind.because}${kind.from.map(inBrackets).join('')}`)] : []),
    line(outcome.type, inWords(outcome)),
    ...notes.map((note) => line('note', note)),
    ...section('properties', columns(properties.map(cells))),
    ...section(
      'privacy',
      privacy.map(({ property, action }) => `${property}: ${action}`),
    ),
    ...section(
      'trimmed',
      trimmed.map(({ property, action, removedBytes }) => `${property}: ${action}, ${removedBytes} bytes`),
    ),
    ...section('attributes not used', unusedAttributes(attributes)),
  ].join('\n');
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(13)}${printableLine(text)}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...lines.map((text) => `    ${printableLine(text)}`)];
}

function inWords(outcome: Outcome): string {
  switch (outcome.type) {
    case 'filtered':
      return `not sent: ${outcome.because}`;
    case 'sent':
      return `${outcome.event} ${outcome.uuid}`;
    case 'demoted': {
      const where = outcome.countedOn === undefined ? '' : `; counted on span ${outcome.countedOn}`;
      return `${outcome.event} ${outcome.uuid} without tokens and cost: ${outcome.because}${where}`;
    }
  }
}

function cells({ property, value, hiddenCharacters, from }: PropertyExplanation): string[] {
  const hidden = hiddenCharacters === undefined ? '' : `(${hiddenCharacters} characters of content)`;
  const shown = value === undefined ? '' : clip(JSON.stringify(value));
  return [property, [shown, hidden].filter(Boolean).join(' '), from.map(originInWords).join(', ')];
}

function inBrackets(origin: Origin): string {
  return ` (${originInWords(origin)})`;
}

function originInWords({ from, name, dialect, with: others = [] }: Origin): string {
  const place =
    from === 'span' || from === 'package' ? `(${name})` : from === 'events' ? `events: ${name}` : name;
  const along = others.length === 0 ? '' : ` with ${[...new Set(others.map(unnumbered))].join(', ')}`;
  return `${place}${along}${dialect === undefined ? '' : ` [${dialect}]`}`;
}

function clip(text: string): string {
  return text.length > MAX_VALUE_CHARACTERS ? `${text.slice(0, MAX_VALUE_CHARACTERS - 1)}…` : text;
}

/** Widest column but the last; a longer cell pushes its row's rest aside. */
const MAX_COLUMN = 42;

function columns(rows: readonly string[][]): string[] {
  const widths = [0, 1].map((column) =>
    Math.min(MAX_COLUMN, Math.max(0, ...rows.map((row) => row[column]?.length ?? 0))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** By fate; attributes of one list share a line, and so do those that are left out for one reason. */
function unusedAttributes(attributes: readonly AttributeExplanation[]): string[] {
  return ATTRIBUTE_FATES.filter((fate) => fate !== 'used').flatMap((fate) => {
    const byReason = new Map<string, Set<string>>();
    for (const { name, because = '', fate: own } of attributes) {
      if (own !== fate) continue;
      const names = byReason.get(because);
      if (names) names.add(unnumbered(name));
      else byReason.set(because, new Set([unnumbered(name)]));
    }
    return [...byReason].map(
      ([because, names]) => `${fate}: ${[...names].join(', ')}${because === '' ? '' : ` (${because})`}`,
    );
  });
}

/** `llm.input_messages.0.message.role` as `llm.input_messages.N.message.role`. */
function unnumbered(name: string): string {
  return name.replace(/\.\d+(?=\.|$)/g, '.N');
}

function summarise(explanations: readonly SpanExplanation[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of explanations) {
    const name = outcome.type === 'filtered' ? 'filtered' : outcome.event;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const parts = [...counts].map(([name, count]) => `${count} ${name}`);
  const total = explanations.length;
  return `${total} ${total === 1 ? 'span' : 'spans'}: ${parts.join(', ')}`;
}
