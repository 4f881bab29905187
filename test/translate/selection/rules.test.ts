import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRule } from '../../../src/translate/selection/compile-rule.ts';
import type { Rule } from '../../../src/translate/selection/rule.ts';
import { MAX_REGEX_INPUT_CHARACTERS, regexFlaw } from '../../../src/translate/selection/safe-regex.ts';
import { leastCpuMs } from '../../support/thread-cpu.ts';
import { call } from './calls.ts';

const CALL = call({
  model: 'gpt-4o-mini-2024-07-18',
  provider: 'openai',
  operation: 'chat',
  usage: { inputTokens: 1_200, outputTokens: 300 },
  cost: { inputUsd: 0.01, outputUsd: 0.02 },
  startTimeMs: 1_000,
  endTimeMs: 3_500,
  error: { type: 'timeout' },
  trace: { user: 'user_1', sessionId: 's', metadata: { feature: 'search', 'a.b': 7, isPaid: true } },
});

function meets(rule: unknown): boolean {
  const compiled = compileRule(rule);
  if (compiled.type === 'flawed') throw new Error(compiled.flaws.join('\n'));
  return compiled.test(CALL);
}

function flawsOf(rule: unknown): readonly string[] {
  const compiled = compileRule(rule);
  return compiled.type === 'flawed' ? compiled.flaws : [];
}

const condition = (field: string, operator: string, value?: unknown) =>
  (value === undefined ? { field, operator } : { field, operator, value }) as Rule;

/** Backtracking that runs away takes minutes; a busy machine does not. */
const MAX_REGEX_MS = 10_000;

describe('conditions', () => {
  it.each<[string, string, unknown, boolean]>([
    ['model', 'equals', 'gpt-4o-mini-2024-07-18', true],
    ['model', 'equals', 'gpt-4o', false],
    ['model', 'not_equals', 'gpt-4o', true],
    ['model', 'contains', '4o-mini', true],
    ['model', 'not_contains', '4o-mini', false],
    ['model', 'starts_with', 'gpt-', true],
    ['model', 'ends_with', '-18', true],
    ['model', 'regex', '^gpt-4o(-mini)?-\\d{4}', true],
    ['model', 'regex', '^claude', false],
    ['provider', 'in', ['anthropic', 'openai'], true],
    ['provider', 'not_in', ['anthropic', 'openai'], false],
    ['provider', 'exists', undefined, true],
    ['agentName', 'exists', undefined, false],
    ['agentName', 'not_exists', undefined, true],
    ['operation', 'equals', 'chat', true],
    ['kind', 'equals', 'generation', true],
    ['user', 'equals', 'user_1', true],
    ['sessionId', 'equals', 's', true],
    ['costUsd', 'greater', 0.029, true],
    ['costUsd', 'less', 0.029, false],
    ['totalTokens', 'equals', 1_500, true],
    ['inputTokens', 'greater_or_equal', 1_200, true],
    ['outputTokens', 'less_or_equal', 299, false],
    ['latencyMs', 'greater', 2_000, true],
    ['isError', 'equals', true, true],
    ['errorType', 'equals', 'timeout', true],
    ['metadata.feature', 'equals', 'search', true],
    ['metadata.a.b', 'equals', 7, true],
    ['metadata.a.b', 'equals', '7', true],
    ['metadata.isPaid', 'equals', true, true],
    ['metadata.missing', 'exists', undefined, false],
    ['metadata.constructor', 'exists', undefined, false],
    ['agentName', 'not_equals', 'x', true],
    ['agentName', 'contains', 'x', false],
    ['agentName', 'regex', '.*', false],
    ['httpStatus', 'less', 1_000, false],
  ])('%s %s %j: %s', (field, operator, value, expected) => {
    expect(meets(condition(field, operator, value))).toBe(expected);
  });
});

describe('groups', () => {
  const yes = condition('provider', 'equals', 'openai');
  const no = condition('provider', 'equals', 'other');
  it.each<[string, Rule, boolean]>([
    ['all of and', { and: [yes, yes] }, true],
    ['one of and', { and: [yes, no] }, false],
    ['one of or', { or: [no, yes] }, true],
    ['none of or', { or: [no, no] }, false],
    ['not', { not: no }, true],
    ['nested', { and: [yes, { or: [no, { not: { and: [yes, no] } }] }] }, true],
  ])('%s', (_name, rule, expected) => {
    expect(meets(rule)).toBe(expected);
  });
});

describe('flaws', () => {
  it.each<[string, unknown, RegExp]>([
    ['no object', 'model', /^rules must be a condition or a group$/],
    ['neither', {}, /^rules must have one of "and", "or", "not" and "field"$/],
    ['both', { and: [], field: 'model' }, /must have one of/],
    ['empty group', { or: [] }, /^rules must have rules in the array "or"$/],
    ['more than the group', { not: condition('model', 'exists'), x: 1 }, /no other member than "not"/],
    ['field', { field: 'modle', operator: 'exists' }, /unknown field "modle"; there are kind, model,/],
    ['property', { field: '$ai_model', operator: 'exists' }, /"\$ai_model", which no call has; use "model"/],
    ['spelling', { field: 'input_tokens', operator: 'exists' }, /use "inputTokens"/],
    ['metadata property', { field: 'metadata_plan', operator: 'exists' }, /use "metadata\.plan"/],
    ['metadata that is a fact', { field: 'metadata.user_id', operator: 'exists' }, /use "user"/],
    ['kind', { field: 'kind', operator: 'equals', value: 'llm' }, /the kind "llm", which no call is of/],
    ['prototype', { field: 'toString', operator: 'exists' }, /unknown field/],
    [
      'operator',
      { field: 'model', operator: 'like', value: 'x' },
      /unknown operator "like"; there are equals,/,
    ],
    ['number', condition('costUsd', 'greater', '0.1'), /\(greater\) needs a number/],
    ['list', condition('model', 'in', 'gpt'), /\(in\) needs an array/],
    ['text', condition('model', 'contains', 5), /\(contains\) needs a text/],
    ['superfluous value', condition('model', 'exists', true), /takes no "value"/],
    ['member', { field: 'model', operator: 'equals', value: 'x', values: [] }, /unknown member "values"/],
    ['deep', { and: [{ or: [{ not: 5 }] }] }, /^rules\.and\[0\]\.or\[0\]\.not must be/],
    ['pattern', condition('model', 'regex', '('), /no regular expression/],
    ['dangerous pattern', condition('model', 'regex', '(a+)+$'), /repeats a group/],
  ])('%s', (_name, rule, flaw) => {
    expect(flawsOf(rule)).toEqual([expect.stringMatching(flaw)]);
  });

  it('are reported all at once', () => {
    expect(flawsOf({ and: [{}, { field: 'x' }, condition('model', 'exists')] })).toHaveLength(2);
  });

  it('of size are reported once', () => {
    expect(flawsOf({ and: Array.from({ length: 600 }, () => condition('model', 'exists')) })).toHaveLength(1);
    let deep: unknown = condition('model', 'exists');
    for (let i = 0; i < 50; i++) deep = { not: deep };
    expect(flawsOf(deep)).toHaveLength(1);
  });

  it('never throw, whatever is given', () => {
    fc.assert(fc.property(fc.anything(), (rule) => void compileRule(rule)));
  });
});

describe('regular expressions', () => {
  it.each([
    '^gpt-4o',
    'claude-.*-sonnet',
    '[a-z]{2,3}-\\d+',
    '^(?:openai|anthropic)$',
    'colou?r',
    '\\p{Lu}x',
    'a\\+b\\*c\\?',
  ])('takes %s', (pattern) => {
    expect(regexFlaw(pattern)).toBeUndefined();
  });

  it.each([
    '(a+)+$',
    '(a|a)*$',
    '(?:a|b){5}',
    '(.*)\\1',
    'a*a*a*b',
    '(?=a)b',
    '(?<!a)b',
    'a?'.repeat(20),
    'x'.repeat(201),
    '[',
    '(?<n>a)\\k<n>',
  ])('refuses %s', (pattern) => {
    expect(regexFlaw(pattern)).toBeTypeOf('string');
  });

  it('that are taken never hold the event loop', () => {
    const atom = fc.constantFrom('a', '.', '\\w', '[ab]', '(a|b)', '(?:ab|a)', '^', '$', '|', '-', '\\d');
    const mark = fc.constantFrom('', '', '*', '+', '?', '*?', '{2,}', '{1,60}', '{3}');
    const pattern = fc
      .array(fc.tuple(atom, mark), { minLength: 1, maxLength: 8 })
      .map((parts) => parts.flat().join(''));
    const inputs = ['a', 'ab', 'aaab'].map(
      (unit) => `${unit.repeat(300).slice(0, MAX_REGEX_INPUT_CHARACTERS - 1)}!`,
    );
    fc.assert(
      fc.property(pattern, (text) => {
        if (regexFlaw(text) !== undefined) return;
        const regex = new RegExp(text, 'u');
        for (const input of inputs) {
          expect(leastCpuMs(() => regex.test(input), 1)).toBeLessThan(MAX_REGEX_MS);
        }
      }),
      { numRuns: 800 },
    );
    for (const hard of ['a*a*$', '.*.*!!', '(a|b).*a?a?a?a?.*c$']) {
      expect(regexFlaw(hard)).toBeUndefined();
      const ms = leastCpuMs(() => new RegExp(hard, 'u').test(inputs[0] ?? ''), 1);
      expect(ms).toBeLessThan(MAX_REGEX_MS);
    }
  });
});

describe('rules about service and texts', () => {
  const said = (role: string, text: string) => [{ role, parts: [{ type: 'text' as const, text }] }];
  const asked = {
    ...call(),
    service: { 'service.name': 'shop' },
    input: said('user', 'Is it open?'),
    output: said('assistant', 'Until six.'),
  };

  it.each([
    ['serviceName', 'equals', 'shop', true],
    ['inputText', 'contains', 'open', true],
    ['outputText', 'contains', 'six', true],
    ['outputText', 'contains', 'open', false],
  ] as const)('%s %s %s', (field, operator, value, wanted) => {
    const compiled = compileRule({ field, operator, value });
    expect(compiled.type === 'usable' && compiled.test(asked)).toBe(wanted);
  });
});
