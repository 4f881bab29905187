import { describe, expect, it } from 'vitest';
import { explain } from '../../src/explain/explain-spans.ts';
import { renderExplanations } from '../../src/explain/render.ts';
import { chatAttributes, createSpanMaker } from '../support/real-spans.ts';

const maker = createSpanMaker();

describe('explain', () => {
  it('tells of one span of the SDK, without its content', () => {
    const text = renderExplanations(explain(maker.make('chat', chatAttributes('SECRET', 'SECRET'))));
    expect(text).toContain('gen_ai.response.model');
    expect(text).toContain('$ai_generation');
    expect(text).not.toContain('SECRET');
  });

  it('shows content when asked', () => {
    const explanations = explain([maker.make('chat', chatAttributes('SECRET'))], { showContent: true });
    expect(renderExplanations(explanations)).toContain('SECRET');
  });

  it('passes over what is no span', () => {
    expect(explain([undefined as never, maker.make('GET /', {})])).toHaveLength(1);
  });
});
