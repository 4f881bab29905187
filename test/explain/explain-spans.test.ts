import { describe, expect, it } from 'vitest';
import type { ExplainOptions } from '../../src/explain/explain-options.ts';
import type { SpanExplanation } from '../../src/explain/explanation.ts';
import { renderExplanations } from '../../src/explain/render.ts';
import type { SpanView } from '../../src/translate/span/span-view.ts';
import { explainWith } from '../support/explain-with.ts';
import { span } from '../support/spans.ts';

const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.usage.input_tokens': 10,
  'gen_ai.usage.output_tokens': 5,
};
const QUESTION = '[{"role":"user","parts":[{"type":"text","content":"Where is the secret garden?"}]}]';

function explainOne(view: SpanView, options?: ExplainOptions): SpanExplanation {
  const [explanation] = explainWith([view], options);
  if (!explanation) throw new Error('no explanation');
  return explanation;
}

function attributeOf(explanation: SpanExplanation, name: string) {
  return explanation.attributes.find((attribute) => attribute.name === name);
}

function propertyOf(explanation: SpanExplanation, name: string) {
  return explanation.properties.find(({ property }) => property === name);
}

describe('an attribute', () => {
  const explanation = explainOne(
    span({
      attributes: {
        ...CHAT,
        'gen_ai.response.model': 'gpt-4o-2024-08-06',
        'gen_ai.prompt': QUESTION,
        'gen_ai.input.messages': QUESTION,
        'gen_ai.response.id': '',
        'my.own': 1,
        'no.value': undefined,
        'gen_ai.tool.call.arguments': '{}',
      },
    }),
  );

  it.each([
    ['gen_ai.response.model', 'used', undefined],
    ['gen_ai.prompt', 'shadowed', 'inputMessages stands in gen_ai.input.messages'],
    ['gen_ai.response.id', 'unusable', 'its value is empty, masked or of no known form'],
    ['my.own', 'ignored', 'no dialect knows it'],
    ['no.value', 'unusable', 'it has no value'],
    ['gen_ai.tool.call.arguments', 'not needed', 'a span of kind generation does not carry it'],
  ])('%s is %s', (name, fate, because) => {
    expect(attributeOf(explanation, name)).toMatchObject({ fate, ...(because ? { because } : {}) });
  });

  it('that the user has sent is used', () => {
    const options = { includeAttributes: ['my.*'] };
    const included = explainOne(span({ attributes: { ...CHAT, 'my.own': 1 } }), options);
    expect(attributeOf(included, 'my.own')?.fate).toBe('used');
    expect(propertyOf(included, 'my.own')).toEqual({
      property: 'my.own',
      value: 1,
      from: [{ from: 'option', name: 'my.own' }],
    });
  });

  it('of a span that is not sent is not needed', () => {
    const http = explainOne(
      span({ scope: '@sentry/node', attributes: { 'sentry.origin': 'x', 'server.port': 1 } }),
    );
    expect(http.outcome).toMatchObject({ type: 'filtered' });
    expect(attributeOf(http, 'server.port')?.because).toBe('the span is not sent');
  });
});

describe('a property', () => {
  it('names the attribute it came from', () => {
    expect(propertyOf(explainOne(span({ attributes: CHAT })), '$ai_model')).toEqual({
      property: '$ai_model',
      value: 'gpt-4o',
      from: [{ from: 'attribute', name: 'gen_ai.request.model', dialect: 'gen-ai' }],
    });
  });

  it('names resource and span where they are the origin', () => {
    const explanation = explainOne(span({ attributes: CHAT, resource: { 'service.name': 'shop' } }));
    expect(propertyOf(explanation, 'service.name')?.from).toEqual([
      { from: 'resource', name: 'service.name' },
    ]);
    expect(propertyOf(explanation, '$ai_latency')?.from).toEqual([
      { from: 'span', name: 'start and end of the span' },
    ]);
  });

  it('with content is shown only when asked', () => {
    const view = span({ attributes: { ...CHAT, 'gen_ai.input.messages': QUESTION } });
    const hidden = explainOne(view);
    expect(propertyOf(hidden, '$ai_input')).not.toHaveProperty('value');
    expect(propertyOf(hidden, '$ai_input')?.hiddenCharacters).toBeGreaterThan(20);
    expect(JSON.stringify(hidden)).not.toContain('secret garden');
    expect(JSON.stringify(explainOne(view, { showContent: true }))).toContain('secret garden');
  });

  it('never shows content in the name of a span', () => {
    const view = span({
      name: 'Where is the secret garden?',
      attributes: { ...CHAT, 'gen_ai.input.messages': QUESTION },
    });
    expect(JSON.stringify(explainOne(view))).not.toContain('secret garden');
    expect(renderExplanations([explainOne(view)])).not.toContain('secret garden');
  });

  it('that privacy mode takes out is named', () => {
    const view = span({ attributes: { ...CHAT, 'gen_ai.input.messages': QUESTION } });
    const explanation = explainOne(view, { privacyMode: true, showContent: true });
    expect(explanation.privacy).toEqual([{ property: '$ai_input', action: 'removed' }]);
    expect(propertyOf(explanation, '$ai_input')).toBeUndefined();
  });

  it.each([
    ['agent', 'invoke_agent', 'gen_ai.agent.name', ['$ai_span_name reduced', '$ai_agent_name removed']],
    ['tool', 'execute_tool', 'gen_ai.tool.name', ['$ai_span_name reduced']],
    ['prompt', 'chat', 'gen_ai.prompt.name', ['$ai_prompt_name removed']],
  ])('that is the name of the %s is named where privacy mode takes it out', (_, operation, key, notes) => {
    const view = span({
      attributes: {
        ...CHAT,
        'gen_ai.operation.name': operation,
        [key]: 'Where is the secret garden of Anna?',
      },
    });
    const { privacy } = explainOne(view, { privacyMode: true });
    const said = privacy.map(({ property, action }) => `${property} ${action}`);
    expect(said.sort()).toEqual([...notes].sort());
  });

  it('that was cut to fit is named', () => {
    const long = QUESTION.replace('garden', 'garden '.repeat(2_000));
    const view = span({ attributes: { ...CHAT, 'gen_ai.input.messages': long } });
    const { trimmed } = explainOne(view, { maxEventBytes: 4_000 });
    expect(trimmed).toMatchObject([{ property: '$ai_input' }]);
  });
});

describe('a span', () => {
  it('of no AI is filtered, with the reason', () => {
    const explanation = explainOne(span({ attributes: { 'http.request.method': 'GET' } }));
    expect(explanation).toMatchObject({
      dialects: [],
      outcome: { type: 'filtered', because: 'no dialect knows its scope or any of its attributes' },
      properties: [],
    });
  });

  it('that repeats a call is demoted, with the span that counts', () => {
    const outer = span({ spanId: 'a', scope: 'framework', attributes: CHAT });
    const inner = span({ spanId: 'b', parentSpanId: 'a', attributes: CHAT });
    const [first, second] = explainWith([outer, inner]);
    expect(first?.outcome.type).toBe('sent');
    expect(second?.outcome).toMatchObject({ type: 'demoted', countedOn: 'a', event: '$ai_span' });
  });

  it('says which dialect claims it, and why', () => {
    const { dialects } = explainOne(span({ scope: 'langfuse-sdk', attributes: CHAT }));
    expect(dialects.map(({ id }) => id)).toEqual(['langfuse', 'gen-ai']);
    expect(dialects[0]?.because).toEqual(['scope langfuse-sdk']);
  });

  it.each<[string, ExplainOptions, string]>([
    ['by a filter', { filter: () => false }, 'a rule or filter function of the application leaves it out'],
    [
      'by a rule',
      { rules: { field: 'model', operator: 'equals', value: 'other' } },
      'a rule or filter function of the application leaves it out',
    ],
    ['by the sample', { samplingRate: 0.0001 }, 'it is not in the sample'],
  ])('left out %s is filtered, with the reason', (_case, options, because) => {
    const explanation = explainOne(span({ attributes: CHAT }), options);
    expect(explanation).toMatchObject({ outcome: { type: 'filtered', because }, properties: [] });
    expect(explanation.kind?.kind).toBe('generation');
  });

  it('with attributes that cannot be read is filtered', () => {
    const attributes = new Proxy(CHAT, {
      get() {
        throw new Error('not yours');
      },
    });
    expect(explainOne(span({ attributes })).outcome).toMatchObject({ type: 'filtered' });
  });
});

describe('in words', () => {
  it('says everything of a call', () => {
    const view = span({ attributes: { ...CHAT, 'gen_ai.input.messages': QUESTION, 'my.own': 1 } });
    const text = renderExplanations(explainWith([view]));
    expect(text).toContain('1 of 1  chat gpt-4o');
    expect(text).toContain(
      'generation: its operation is classified as generation (gen_ai.operation.name [gen-ai])',
    );
    expect(text).toMatch(/\$ai_model +"gpt-4o" +gen_ai\.request\.model \[gen-ai\]/);
    expect(text).toMatch(/\$ai_input +\(\d+ characters of content\) +gen_ai\.input\.messages \[gen-ai\]/);
    expect(text).toContain('ignored: my.own (no dialect knows it)');
    expect(text).toContain('1 span: 1 $ai_generation');
  });

  it('shortens lists of attributes', () => {
    const attributes = Object.fromEntries([0, 1, 2].map((index) => [`my.list.${index}.name`, 'x']));
    const text = renderExplanations(explainWith([span({ attributes: { ...CHAT, ...attributes } })]));
    expect(text).toContain('ignored: my.list.N.name (');
  });
});
