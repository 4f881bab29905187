import { describe } from 'vitest';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

function spring(attributes: Record<string, unknown>): SpanParts {
  return { name: 'chat gpt-4o', kind: 'internal', scope: 'org.springframework.boot', attributes };
}

const wrappers: readonly DialectRow[] = [
  ['chat_client', 'agent'],
  ['advisor', 'step'],
  ['tool_call', 'tool'],
  ['vector_store', 'retriever'],
].map(([what, kind]) => ({
  rule: `${what} is ${kind}, whatever its operation`,
  span: spring({ 'spring.ai.kind': what, 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': '5' }),
  call: { kind, dialect: 'spring-ai', framework: 'spring-ai' },
  absent: ['usage'],
}));

describe('kinds', () => {
  itReads([
    ...wrappers,
    {
      rule: 'the chat client in its own operation',
      span: spring({ 'spring.ai.kind': 'chat_client', 'gen_ai.operation.name': 'framework' }),
      call: { kind: 'agent' },
    },
  ]);
});

describe('facts', () => {
  itReads([
    {
      rule: 'numbers that Micrometer wrote as texts',
      span: {
        ...spring({
          'gen_ai.operation.name': 'chat',
          'gen_ai.system': 'openai',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.request.temperature': '0.7',
          'gen_ai.request.stop_sequences': '["a","b"]',
          'gen_ai.usage.input_tokens': '5',
          'gen_ai.usage.output_tokens': '2',
          'gen_ai.response.finish_reasons': '["STOP"]',
        }),
        scope: 'org.springframework.ai.chat',
      },
      call: {
        kind: 'generation',
        parameters: { temperature: 0.7, stop: ['a', 'b'] },
        usage: { inputTokens: 5, outputTokens: 2 },
        finishReason: 'stop',
      },
    },
    {
      rule: 'a tool',
      span: spring({
        'spring.ai.kind': 'tool_call',
        'spring.ai.tool.definition.name': 'getWeather',
        'spring.ai.tool.call.arguments': '{"city":"Paris"}',
        'spring.ai.tool.call.result': '"sunny"',
      }),
      call: { toolName: 'getWeather', inputState: { city: 'Paris' }, outputState: 'sunny' },
    },
    {
      rule: 'a vector store and a conversation',
      span: spring({
        'spring.ai.kind': 'vector_store',
        'db.vector.query.content': 'capital?',
        'db.vector.query.response.documents': '["Paris"]',
        'spring.ai.chat.client.conversation.id': 'c1',
      }),
      call: { inputState: 'capital?', outputState: ['Paris'], trace: { sessionId: 'c1' } },
    },
  ]);
});
