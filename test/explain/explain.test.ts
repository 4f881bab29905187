import { describe, expect, it } from 'vitest';
import { explain } from '../../src/explain/explain-spans.ts';
import { renderExplanations } from '../../src/explain/render.ts';
import { chatAttributes, createSpanMaker } from '../support/real-spans.ts';

const maker = createSpanMaker();

describe('explain', () => {
  it('explains one span of the SDK, without its content', () => {
    const text = renderExplanations(explain(maker.make('chat', chatAttributes('SECRET', 'SECRET'))));
    expect(text).toContain('gen_ai.response.model');
    expect(text).toContain('$ai_generation');
    expect(text).not.toContain('SECRET');
  });

  it('shows content when asked', () => {
    const explanations = explain([maker.make('chat', chatAttributes('SECRET'))], { showContent: true });
    expect(renderExplanations(explanations)).toContain('SECRET');
  });

  it.each([
    'trace.metadata.my name is John Smith',
    'trace.metadata.plan.John Smith, b. 1970',
    'my name is John Smith',
    'gen_ai.prompt.variable.John Smith',
    'llm.prompts.John Smith.0',
    'langfuse.observation.metadata.张伟先生',
    `tag.${'JohnSmith'.repeat(30)}`,
  ])('shows no name that may be prose: %s', (name) => {
    const span = maker.make('chat', { ...chatAttributes(), [name]: 'value', 'trace.metadata.plan': 'pro' });
    const options = { includeAttributes: ['m*', 'g*', 'l*', 't*'], privacyMode: false };
    const hidden = explain(span, options);
    const text = renderExplanations(hidden) + JSON.stringify(hidden);
    expect(text).not.toMatch(/John|张伟/);
    expect(text).toContain('metadata_plan');
    expect(text).toContain('gen_ai.usage.input_tokens');
    const shown = explain(span, { ...options, showContent: true });
    expect(JSON.stringify(shown)).toMatch(/John|张伟/);
  });

  it('passes over what is no span', () => {
    expect(explain([undefined as never, maker.make('GET /', {})])).toHaveLength(1);
  });
});
