import { describe, expect, it } from 'vitest';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { itReads } from '../../support/dialect-rows.ts';
import { type SpanParts, span } from '../../support/spans.ts';

const THREAD = '019a5f2e-7c11-7e02-8f5b-0d3f4a6b7c8d';

const USAGE = {
  'codex.turn.token_usage.input_tokens': 43_001,
  'codex.turn.token_usage.output_tokens': 500,
  'codex.turn.token_usage.cached_input_tokens': 36_096,
  'codex.turn.token_usage.cache_write_input_tokens': 10,
  'codex.turn.token_usage.reasoning_output_tokens': 200,
  'codex.turn.token_usage.total_tokens': 43_501,
};

function codex(name: string, scope: string, attributes: Record<string, unknown> = {}): SpanParts {
  return { name, kind: 'internal', scope, attributes };
}

const turn = (scope: string) =>
  codex('session_task.turn', scope, {
    model: 'gpt-5-codex',
    'thread.id': THREAD,
    'turn.id': 'turn-1',
    'codex.turn.reasoning_effort': 'high',
    ...USAGE,
  });

const response = (scope: string) =>
  codex('handle_responses', scope, {
    model: 'gpt-5-codex',
    'gen_ai.usage.input_tokens': 43_001,
    'gen_ai.usage.output_tokens': 500,
    'gen_ai.usage.cache_read.input_tokens': 36_096,
    'gen_ai.usage.cache_write.input_tokens': 10,
    'codex.usage.reasoning_output_tokens': 200,
    'codex.request.reasoning_effort': 'low',
  });

describe('one of the two counts', () => {
  itReads([
    {
      rule: 'the turn of the interactive program',
      span: turn('codex_cli_rs'),
      call: {
        kind: 'generation',
        dialect: 'codex',
        model: 'gpt-5-codex',
        provider: 'openai',
        parameters: { reasoning_effort: 'high' },
        usage: {
          inputTokens: 43_001,
          outputTokens: 500,
          totalTokens: 43_501,
          cacheReadTokens: 36_096,
          cacheWriteTokens: 10,
          reasoningTokens: 200,
          cacheReporting: 'inclusive',
          reasoningReporting: 'inclusive',
        },
        trace: { sessionId: THREAD },
      },
      absent: ['cost'],
    },
    {
      rule: 'not its responses',
      span: response('codex_cli_rs'),
      call: { kind: 'step' },
      absent: ['usage'],
    },
    {
      rule: 'the responses of codex exec',
      span: response('codex_exec'),
      call: {
        kind: 'generation',
        parameters: { reasoning_effort: 'low' },
        usage: { inputTokens: 43_001, cacheReadTokens: 36_096, cacheWriteTokens: 10, reasoningTokens: 200 },
      },
    },
    { rule: 'not its turn', span: turn('codex_exec'), call: { kind: 'agent' }, absent: ['usage'] },
  ]);
});

describe('identity', () => {
  itReads([
    {
      rule: 'the app server follows the interactive program',
      span: turn('codex-app-server'),
      call: { kind: 'generation', dialect: 'codex' },
    },
    {
      rule: 'the number of a worker is no session',
      span: codex('session_task.turn', 'codex_cli_rs', { 'thread.id': '10', 'turn.id': 'turn-1' }),
      call: { trace: { sessionId: undefined } },
    },
    {
      rule: 'a run of a tool is named after it, and names the conversation',
      span: codex('exec_command', 'codex_exec', {
        tool_name: 'exec_command',
        call_id: 'call_1',
        'conversation.id': THREAD,
        'turn.id': 'turn-1',
      }),
      call: { kind: 'tool', toolName: 'exec_command', trace: { sessionId: THREAD } },
    },
  ]);
});

it.each([
  codex('run_sampling_request', 'codex_cli_rs', { 'thread.id': '3' }),
  codex('guardian_scoring_observation', 'codex_exec', { tool_name: 'exec_command', call_id: 'call_1' }),
])('drops internal spans: $name', (parts) => {
  expect(readCall(span(parts)).type).toBe('foreign');
});
