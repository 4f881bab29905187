import { describe } from 'vitest';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';

const KIND = 'gen_ai.span.kind';

const kinds: readonly DialectRow[] = [
  ['LLM', 'generation'],
  ['EMBEDDING', 'embedding'],
  ['TOOL', 'tool'],
  ['AGENT', 'agent'],
  ['CHAIN', 'chain'],
  ['RETRIEVER', 'retriever'],
  ['RERANKER', 'reranker'],
  ['TASK', 'task'],
  ['STEP', 'step'],
  ['ENTRY', 'workflow'],
  ['chain', 'chain'],
].flatMap(([word = '', kind]) =>
  [KIND, 'gen_ai.span_kind_name'].map((name) => ({
    rule: `${name} ${word} is ${kind}`,
    span: { name: 'x', scope: 'my.app', attributes: { [name]: word } },
    call: { kind, dialect: 'loongsuite' },
  })),
);

describe('spans that say their kind in gen_ai.span.kind', () => {
  itReads([
    ...kinds,
    {
      rule: 'a call has its texts in input.value where no message holds them, and times in nanoseconds',
      span: {
        name: 'chat',
        scope: 'loongsuite.instrumentation.dashscope',
        attributes: {
          [KIND]: 'LLM',
          'gen_ai.request.model': 'qwen-plus',
          'input.value': '[{"role":"user","content":"Ping?"}]',
          'output.value': 'Pong.',
          'gen_ai.user.id': 'u-1',
          'gen_ai.session.id': 's-1',
          'gen_ai.response.time_to_first_token': 420_000_000,
        },
      },
      call: {
        kind: 'generation',
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Ping?' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Pong.' }] }],
        timeToFirstTokenSeconds: 0.42,
        trace: { user: 'u-1', sessionId: 's-1' },
      },
    },
    {
      rule: 'messages may be flattened',
      span: {
        name: 'chat',
        attributes: {
          [KIND]: 'LLM',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.input.messages.0.message.role': 'user',
          'gen_ai.input.messages.0.message.content': 'Ping?',
          'gen_ai.output.messages.0.message.role': 'assistant',
          'gen_ai.output.messages.0.message.content': 'Pong.',
        },
      },
      call: {
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Ping?' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Pong.' }] }],
      },
    },
    {
      rule: 'a chain keeps what went in and came out',
      span: { name: 'x', attributes: { [KIND]: 'CHAIN', 'input.value': '{"a":1}', 'output.value': 'b' } },
      call: { kind: 'chain', inputState: { a: 1 }, outputState: 'b' },
    },
    {
      rule: 'the operation is more exact than the kind',
      span: { name: 'x', attributes: { [KIND]: 'CHAIN', 'gen_ai.operation.name': 'chat' } },
      call: { kind: 'generation' },
    },
  ]);
});
