import { isRecord } from '../../json/is-record.ts';
import { factOfKey } from '../call/identity-in-metadata.ts';
import { CALL_KINDS, type LlmCall } from '../call/llm-call.ts';
import { fieldOf, RULE_FIELDS, type RuleOperator } from './rule.ts';
import { MAX_REGEX_INPUT_CHARACTERS, regexFlaw } from './safe-regex.ts';

/** Whether a call meets a rule. Never throws. */
export type RuleTest = (call: LlmCall) => boolean;

export type CompiledRule =
  | { readonly type: 'usable'; readonly test: RuleTest }
  /** What is wrong, each with the place in the rule. */
  | { readonly type: 'flawed'; readonly flaws: readonly string[] };

/** Depth of groups; more is a mistake of the program that made the rule. */
const MAX_DEPTH = 10;

/** Conditions and groups in one rule. */
const MAX_PARTS = 500;

/** Checks a rule and makes it a function. */
export function compileRule(rule: unknown): CompiledRule {
  const builder: Builder = { flaws: [], parts: 0 };
  const test = build(rule, 'rules', 0, builder);
  return builder.flaws.length > 0 ? { type: 'flawed', flaws: builder.flaws } : { type: 'usable', test };
}

interface Builder {
  readonly flaws: string[];
  parts: number;
}

const NEVER: RuleTest = () => false;

function build(rule: unknown, path: string, depth: number, builder: Builder): RuleTest {
  const flawed = (flaw: string): RuleTest => {
    builder.flaws.push(`${path} ${flaw}`);
    return NEVER;
  };
  builder.parts += 1;
  if (builder.parts > MAX_PARTS) return builder.parts === MAX_PARTS + 1 ? flawed('is too large') : NEVER;
  if (depth > MAX_DEPTH) return flawed(`is nested deeper than ${MAX_DEPTH} groups`);
  if (!isRecord(rule)) return flawed('must be a condition or a group');
  const kinds = ['and', 'or', 'not', 'field'].filter((kind) => Object.hasOwn(rule, kind));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1)
    return flawed('must have one of "and", "or", "not" and "field"');
  if (kind === 'field') return buildCondition(rule, flawed);
  if (Object.keys(rule).length > 1) return flawed(`must have no other member than "${kind}"`);
  if (kind === 'not') {
    const inner = build(rule['not'], `${path}.not`, depth + 1, builder);
    return (call) => !inner(call);
  }
  const list = rule[kind];
  if (!Array.isArray(list) || list.length === 0) return flawed(`must have rules in the array "${kind}"`);
  const tests = list.map((part, index) => build(part, `${path}.${kind}[${index}]`, depth + 1, builder));
  return kind === 'and'
    ? (call) => tests.every((test) => test(call))
    : (call) => tests.some((test) => test(call));
}

function buildCondition(rule: Record<string, unknown>, flawed: (flaw: string) => RuleTest): RuleTest {
  const { field, operator, value } = rule;
  const isField =
    typeof field === 'string' && (Object.hasOwn(RULE_FIELDS, field) || /^metadata\../.test(field));
  const meant = typeof field === 'string' ? meantField(field) : undefined;
  if (meant !== undefined && meant !== field)
    return flawed(`has the field ${show(field)}, which no call has; use ${show(meant)}`);
  if (!isField) {
    return flawed(
      `has the unknown field ${show(field)}; there are ${Object.keys(RULE_FIELDS).join(', ')} and metadata.<key>`,
    );
  }
  if (typeof operator !== 'string' || !Object.hasOwn(OPERATORS, operator)) {
    return flawed(
      `has the unknown operator ${show(operator)}; there are ${Object.keys(OPERATORS).join(', ')}`,
    );
  }
  const stranger = Object.keys(rule).find((name) => !['field', 'operator', 'value'].includes(name));
  if (stranger !== undefined) return flawed(`has the unknown member ${show(stranger)}`);
  const { needs, make } = OPERATORS[operator as RuleOperator];
  const flaw = needs(value);
  if (flaw !== undefined) return flawed(`(${operator}) ${flaw}`);
  const stray = field === 'kind' ? strayKind(operator, value) : undefined;
  if (stray !== undefined)
    return flawed(`has the kind ${show(stray)}, which no call is of; there are ${CALL_KINDS.join(', ')}`);
  const test = make(value as never);
  return (call) => test(fieldOf(call, field));
}

/** The field that is meant by a property of events, by metadata that became a fact of the call, or by another spelling. */
function meantField(field: string): string | undefined {
  const key = /^metadata[._](.+)$/.exec(field)?.[1];
  if (key !== undefined) return factOfKey(key) ?? `metadata.${key}`;
  const wanted = plain(field);
  return MEANT[wanted] ?? Object.keys(RULE_FIELDS).find((known) => plain(known) === wanted);
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/^\$(?:ai_)?|[._-]/g, '');
}

/** Words for fields that are spelled in another way here. */
const MEANT: Readonly<Record<string, string>> = {
  distinctid: 'user',
  userid: 'user',
  session: 'sessionId',
  service: 'serviceName',
  input: 'inputText',
  prompt: 'inputText',
  output: 'outputText',
  outputchoices: 'outputText',
  answer: 'outputText',
  cost: 'costUsd',
  totalcostusd: 'costUsd',
  latency: 'latencyMs',
  durationms: 'latencyMs',
  error: 'isError',
  status: 'httpStatus',
  stopreason: 'finishReason',
  type: 'kind',
  spantype: 'kind',
  name: 'spanName',
  apikey: 'apiKeyName',
};

function strayKind(operator: string, value: unknown): unknown {
  if (!['equals', 'not_equals', 'in', 'not_in'].includes(operator)) return undefined;
  return [value].flat().find((kind) => !CALL_KINDS.some((known) => known === kind));
}

interface Operator {
  /** What is wrong with the rule's value. */
  readonly needs: (value: unknown) => string | undefined;
  /** From the rule's value to a test of the field's. */
  readonly make: (value: never) => (held: unknown) => boolean;
}

const isScalar = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
const aScalar = (value: unknown) =>
  isScalar(value) ? undefined : 'needs a text, number or boolean as "value"';
const aText = (value: unknown) =>
  typeof value === 'string' && value !== '' ? undefined : 'needs a text as "value"';
const aNumber = (value: unknown) =>
  typeof value === 'number' && !Number.isNaN(value) ? undefined : 'needs a number as "value"';
const aList = (value: unknown) =>
  Array.isArray(value) && value.length > 0 && value.every(isScalar)
    ? undefined
    : 'needs an array of texts, numbers or booleans as "value"';
const nothing = (value: unknown) => (value === undefined ? undefined : 'takes no "value"');
const aPattern = (value: unknown) => aText(value) ?? regexFlaw(value as string);

const equal = (held: unknown, value: unknown) =>
  held === value || (isScalar(held) && String(held) === String(value));
const text = (held: unknown): string => (isScalar(held) ? String(held) : '');
const compare =
  (holds: (held: number, value: number) => boolean) =>
  (value: number) =>
  (held: unknown): boolean =>
    typeof held === 'number' && holds(held, value);

const OPERATORS: Readonly<Record<RuleOperator, Operator>> = {
  equals: { needs: aScalar, make: (value: unknown) => (held) => equal(held, value) },
  not_equals: { needs: aScalar, make: (value: unknown) => (held) => !equal(held, value) },
  contains: { needs: aText, make: (value: string) => (held) => text(held).includes(value) },
  not_contains: { needs: aText, make: (value: string) => (held) => !text(held).includes(value) },
  starts_with: { needs: aText, make: (value: string) => (held) => text(held).startsWith(value) },
  ends_with: { needs: aText, make: (value: string) => (held) => text(held).endsWith(value) },
  regex: {
    needs: aPattern,
    make: (value: string) => {
      const pattern = new RegExp(value, 'u');
      return (held) => isScalar(held) && pattern.test(text(held).slice(0, MAX_REGEX_INPUT_CHARACTERS));
    },
  },
  in: {
    needs: aList,
    make: (values: readonly unknown[]) => (held) => values.some((value) => equal(held, value)),
  },
  not_in: {
    needs: aList,
    make: (values: readonly unknown[]) => (held) => !values.some((value) => equal(held, value)),
  },
  greater: { needs: aNumber, make: compare((held, value) => held > value) },
  greater_or_equal: { needs: aNumber, make: compare((held, value) => held >= value) },
  less: { needs: aNumber, make: compare((held, value) => held < value) },
  less_or_equal: { needs: aNumber, make: compare((held, value) => held <= value) },
  exists: { needs: nothing, make: () => (held) => held !== undefined },
  not_exists: { needs: nothing, make: () => (held) => held === undefined },
};

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 50)) : String(typeof value);
}
