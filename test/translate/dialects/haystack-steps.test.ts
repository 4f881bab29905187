import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

describe('steps of a Haystack agent', () => {
  const step = (name: string, attributes: Record<string, unknown>): SpanParts => ({
    name: `haystack.agent.step${name}`,
    kind: 'internal',
    scope: 'haystack',
    attributes,
  });

  itReads([
    {
      rule: 'a model call has its facts in its answer, and its prompt as Python prints it',
      span: step('.llm', {
        'haystack.agent.step.llm.input':
          "{'messages': [ChatMessage(_role=<ChatRole.SYSTEM: 'system'>, _content=[TextContent(text='Be brief.')], _name=None, _meta={}), ChatMessage(_role=<ChatRole.USER: 'user'>, _content=[TextContent(text=\"What's up?\")], _name=None, _meta={})]}",
        'haystack.agent.step.llm.output': JSON.stringify({
          replies: [
            {
              role: 'assistant',
              meta: {
                model: 'gpt-4o-mini',
                finish_reason: 'tool_calls',
                usage: {
                  completion_tokens: 19,
                  prompt_tokens: 106,
                  prompt_tokens_details: { cached_tokens: 64 },
                },
              },
              content: [{ tool_call: { tool_name: 'f', arguments: { a: 1 }, id: 'c1' } }],
            },
          ],
        }),
      }),
      call: {
        kind: 'generation',
        model: 'gpt-4o-mini',
        finishReason: 'tool_calls',
        usage: { inputTokens: 106, outputTokens: 19, cacheReadTokens: 64 },
        input: [
          { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'text', text: "What's up?" }] },
        ],
        output: [{ role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'f' }] }],
      },
    },
    {
      rule: 'a tool has arguments and result',
      span: step('.tool', {
        'haystack.tool.name': 'f',
        'haystack.agent.step.tool.input': '{"a":1}',
        'haystack.agent.step.tool.output': '18 C',
      }),
      call: { kind: 'tool', toolName: 'f', inputState: { a: 1 }, outputState: '18 C' },
    },
    { rule: 'the step itself', span: step('', {}), call: { kind: 'step' } },
  ]);
});

describe('one carrier of an answer that says nothing', () => {
  itReads([
    {
      rule: "keys of a dictionary are no answer (Traceloop's instrumentation for Haystack)",
      span: {
        name: 'haystack.openai.chat',
        scope: 'opentelemetry.instrumentation.haystack',
        attributes: {
          'llm.request.type': 'chat',
          'gen_ai.completion.0.role': 'assistant',
          'gen_ai.completion.0.content': 'replies',
        },
      },
      call: { kind: 'generation' },
      absent: ['output'],
    },
    {
      rule: 'a tool named on a model call that ended with one was called (OpenLIT)',
      span: {
        scope: 'openlit.instrumentation.openai',
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'm',
          'gen_ai.response.finish_reasons': ['tool_calls'],
          'gen_ai.tool.name': 'f',
          'gen_ai.tool.call.id': 'c1',
          'gen_ai.tool.args': '{"a":1}',
        },
      },
      call: {
        output: [
          {
            role: 'assistant',
            parts: [{ type: 'tool_call', id: 'c1', name: 'f', arguments: { a: 1 } }],
          },
        ],
      },
    },
    {
      rule: 'texts of an embedding stand in the input of its entity (LlamaIndex)',
      span: {
        scope: 'opentelemetry.instrumentation.llamaindex',
        attributes: {
          'gen_ai.operation.name': 'embeddings',
          'gen_ai.request.model': 'text-embedding-3-small',
          'traceloop.entity.input': '{"texts":["red","green"],"show_progress":false}',
        },
      },
      call: { kind: 'embedding', embeddingInput: ['red', 'green'] },
    },
    {
      rule: 'the finish reason that Langfuse notes is quoted, the usage nested',
      span: {
        scope: 'langfuse-sdk',
        attributes: {
          'langfuse.observation.type': 'generation',
          'langfuse.observation.metadata.finish_reason': '"stop"',
          'langfuse.observation.usage_details':
            '{"prompt_tokens":1211,"completion_tokens":8,"prompt_tokens_details":{"cached_tokens":1024}}',
        },
      },
      call: { finishReason: 'stop', usage: { inputTokens: 1211, cacheReadTokens: 1024 } },
    },
  ]);
});
