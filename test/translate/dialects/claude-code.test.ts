import { describe, expect, it } from 'vitest';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { eventsOf } from '../../support/batch.ts';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import { type SpanParts, span } from '../../support/spans.ts';

function claude(name: string, attributes: Record<string, unknown> = {}): SpanParts {
  return {
    name: `claude_code.${name}`,
    kind: 'internal',
    scope: { name: 'com.anthropic.claude_code.tracing', version: '2.1.100' },
    attributes,
  };
}

const kinds: readonly DialectRow[] = [
  ['interaction', 'agent'],
  ['llm_request', 'generation'],
  ['tool', 'tool'],
  ['hook', 'span'],
].map(([name = '', kind]) => ({
  rule: `${name} is ${kind}`,
  span: claude(name),
  call: { kind, dialect: 'claude-code' },
}));

describe('kinds', () => {
  itReads(kinds);

  it.each(['tool.blocked_on_user', 'tool.execution'])('%s tells what the tool tells', (name) => {
    expect(readCall(span(claude(name)))).toMatchObject({ type: 'foreign' });
  });

  itReads([
    {
      rule: 'a run of a tool that failed says so alone',
      span: claude('tool.execution', { success: false, error: 'weather service down' }),
      call: { kind: 'span', framework: 'claude-code', error: { message: 'weather service down' } },
    },
  ]);
});

describe('a request to the model', () => {
  itReads([
    {
      rule: 'has bare names, and counts without cached tokens',
      span: claude('llm_request', {
        'gen_ai.system': 'anthropic',
        model: 'claude-opus-4-5',
        input_tokens: '12',
        output_tokens: 30,
        cache_read_tokens: 4000,
        cache_creation_tokens: 200,
        ttft_ms: 850,
        stop_reason: 'end_turn',
        request_id: 'req_1',
        query_source: 'repl_main_thread',
        attempt: 1,
        'session.id': 's1',
        'user.id': 'u1',
      }),
      call: {
        model: 'claude-opus-4-5',
        provider: 'anthropic',
        usage: {
          inputTokens: 12,
          outputTokens: 30,
          cacheReadTokens: 4000,
          cacheWriteTokens: 200,
          cacheReporting: 'exclusive',
        },
        timeToFirstTokenSeconds: 0.85,
        finishReason: 'stop',
        responseId: 'req_1',
        trace: { user: 'u1', sessionId: 's1', metadata: { query_source: 'repl_main_thread', attempt: 1 } },
      },
      absent: ['cost'],
    },
    {
      rule: 'with zeros reported nothing',
      span: claude('llm_request', {
        model: 'claude-opus-4-5',
        input_tokens: 0,
        output_tokens: 0,
        cache_read_tokens: 0,
        ttft_ms: 0,
      }),
      absent: ['usage', 'timeToFirstTokenSeconds'],
    },
    {
      rule: 'prefers the names of OpenTelemetry',
      span: claude('llm_request', {
        model: 'alias',
        'gen_ai.response.model': 'claude-opus-4-5-20251101',
        'gen_ai.response.id': 'msg_1',
        request_id: 'req_1',
        'gen_ai.response.finish_reasons': ['tool_use'],
      }),
      call: { model: 'claude-opus-4-5-20251101', responseId: 'msg_1', finishReason: 'tool_calls' },
    },
    {
      rule: 'that failed',
      span: claude('llm_request', { success: 'false', status_code: '529', error: 'Overloaded' }),
      call: { error: { message: 'Overloaded' }, httpStatus: 529 },
    },
    {
      rule: 'that succeeded',
      span: claude('llm_request', { success: true, status_code: 200 }),
      call: { httpStatus: 200 },
      absent: ['error'],
    },
  ]);
});

describe('content', () => {
  itReads([
    {
      rule: 'details of a tool',
      span: claude('tool', { tool_parameters: '{"file":"a"}', tool_output: 'done' }),
      call: { inputState: { file: 'a' }, outputState: 'done' },
    },
    {
      rule: 'a fast request',
      span: claude('llm_request', { speed: 'fast' }),
      call: { trace: { metadata: { speed: 'fast' } } },
    },
    {
      rule: 'the prompt of an interaction',
      span: claude('interaction', { user_prompt: 'Fix the test' }),
      call: { input: [{ role: 'user', parts: [{ type: 'text', text: 'Fix the test' }] }] },
    },
    {
      rule: 'a prompt that was withheld',
      span: claude('interaction', { user_prompt: '<REDACTED>' }),
      absent: ['input'],
    },
    {
      rule: 'a tool',
      span: claude('tool', { tool_name: 'Bash', tool_input: '{"command":"ls"}' }),
      call: { toolName: 'Bash', inputState: { command: 'ls' } },
    },
    {
      rule: 'bare names do not count against known ones on other spans',
      span: {
        scope: 'other',
        attributes: {
          'gen_ai.request.model': 'm',
          model: 'x',
          'gen_ai.usage.input_tokens': 3,
          input_tokens: 5,
        },
      },
      call: { dialect: 'gen-ai', model: 'm', usage: { inputTokens: 3 } },
    },
  ]);
});

it.each([
  ['in a shape that cannot say that it is in another process is the trace', {}, 'a'.repeat(32)],
  ['that is in another process stays', { parentIsRemote: true }, 'c'.repeat(16)],
])('the parent of an interaction %s', (_what, remote, wanted) => {
  const parts = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), parentSpanId: 'c'.repeat(16) };
  const [event] = eventsOf([{ ...claude('interaction'), ...parts, ...remote }]);
  expect([event?.event, event?.$ai_parent_id]).toEqual(['$ai_span', wanted]);
});
