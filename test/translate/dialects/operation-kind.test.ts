import { describe, expect, it } from 'vitest';
import { kindOfOperation } from '../../../src/translate/dialects/shared/operation-kind.ts';
import { itReads } from '../../support/dialect-rows.ts';

describe('a name that says what ran', () => {
  it.each([
    ['chat', 'generation'],
    ['Chat', 'generation'],
    ['text-completion', 'generation'],
    ['generateContent', 'generation'],
    ['ai.generateSpeech', 'generation'],
    ['embed', 'embedding'],
    ['embed_many', 'embedding'],
    ['embedding.create', 'embedding'],
    ['tool_call', 'tool'],
    ['ExecuteTool', 'tool'],
    ['agent', 'agent'],
    ['agent_call', 'agent'],
    ['invoke_agents', 'agent'],
    ['handoff', 'handoff'],
    ['guardrail.run', 'guardrail'],
    ['retrieve', 'retriever'],
    ['rerank', 'reranker'],
    ['evaluate', 'evaluator'],
    ['count_tokens', 'span'],
    ['fetch_response', 'span'],
  ])('%s is %s', (name, kind) => {
    expect(kindOfOperation(name)).toBe(kind);
  });

  it.each([
    ...['generate_text', 'chat_completion', 'messages.create', 'stream_text', 'llm_call', 'call_llm', 'run'],
    ...[
      'openai.responses.create',
      'ask_agent_about_tea',
      'chat_with_tools',
      '',
      'x'.repeat(5000),
      7,
      undefined,
    ],
  ])('%s decides nothing', (name) => {
    expect(kindOfOperation(name)).toBeUndefined();
  });
});

const USAGE = { 'gen_ai.usage.input_tokens': 12, 'gen_ai.usage.output_tokens': 4 };

describe('a name that is not known', () => {
  itReads([
    ...['generate_text', 'messages.create', 'llm_call', 'openai.responses.create', 'ponder', 'run'].map(
      (name) => ({
        rule: `with a model and tokens, ${name} is a call`,
        span: { attributes: { 'gen_ai.operation.name': name, 'gen_ai.request.model': 'gpt-4o', ...USAGE } },
        call: { kind: 'generation', kindIsInferred: true, usage: { inputTokens: 12, outputTokens: 4 } },
      }),
    ),
    {
      rule: 'tokens without model or messages are no call',
      span: { attributes: { 'gen_ai.operation.name': 'ponder', ...USAGE } },
      call: { kind: 'span' },
      absent: ['usage'],
    },
    {
      rule: 'messages and tokens are a call without a model',
      span: {
        attributes: {
          'gen_ai.operation.name': 'ponder',
          'gen_ai.usage.input_tokens': '12',
          'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]',
        },
      },
      call: { kind: 'generation', usage: { inputTokens: 12 } },
    },
    {
      rule: 'a model that failed is a call',
      span: {
        attributes: {
          'gen_ai.operation.name': 'generate_text',
          'gen_ai.request.model': 'gpt-4o',
          'error.type': 'X',
        },
      },
      call: { kind: 'generation', error: { type: 'X' } },
    },
    {
      rule: 'an embedding model is an embedding',
      span: {
        attributes: {
          'gen_ai.operation.name': 'create_vectors',
          'gen_ai.request.model': 'text-embedding-3-small',
          'gen_ai.usage.input_tokens': 3,
        },
      },
      call: { kind: 'embedding', usage: { inputTokens: 3 } },
    },
    {
      rule: 'a tool without a model is a tool',
      span: { attributes: { 'gen_ai.operation.name': 'perform', 'gen_ai.tool.name': 'lookup' } },
      call: { kind: 'tool', toolName: 'lookup' },
    },
    {
      rule: 'an agent without an operation is an agent',
      span: { attributes: { 'gen_ai.agent.name': 'planner', 'gen_ai.agent.id': 'a1' } },
      call: { kind: 'agent', agentName: 'planner' },
    },
  ]);
});
