import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

function sdk(name: string, attributes: Record<string, unknown> = {}, parts: SpanParts = {}): SpanParts {
  return {
    name,
    scope: 'com.anthropic.sdk.typescript',
    ...parts,
    attributes: { 'gen_ai.provider.name': 'anthropic', ...attributes },
  };
}

const create = (attributes: Record<string, unknown> = {}) =>
  sdk('anthropic.messages.create', {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'claude-sonnet-4',
    ...attributes,
  });

describe("Anthropic's own spans", () => {
  itReads([
    {
      rule: 'a call with its usage: the cache is part of the input, the lifetimes add up, compaction comes on top',
      span: create({
        'gen_ai.usage.input_tokens': 2076,
        'gen_ai.usage.output_tokens': 8,
        'gen_ai.usage.cache_write.input_tokens': 2048,
        'gen_ai.usage.cache_read.input_tokens': 0,
        'anthropic.usage.cache_creation.ephemeral_5m_input_tokens': 2000,
        'anthropic.usage.cache_creation.ephemeral_1h_input_tokens': 48,
        'anthropic.usage.compaction.input_tokens': 100,
        'anthropic.usage.compaction.output_tokens': 10,
        'anthropic.message.stop_reason': 'max_tokens',
      }),
      call: {
        kind: 'generation',
        dialect: 'anthropic',
        finishReason: 'length',
        usage: {
          inputTokens: 2176,
          outputTokens: 18,
          cacheWriteTokens: 2048,
          cacheWrite5mTokens: 2000,
          cacheWrite1hTokens: 48,
          cacheReporting: 'inclusive',
        },
      },
    },
    {
      rule: 'lifetimes that do not add up are left out',
      span: create({
        'gen_ai.usage.cache_write.input_tokens': 2048,
        'anthropic.usage.cache_creation.ephemeral_5m_input_tokens': 1,
        'anthropic.usage.cache_creation.ephemeral_1h_input_tokens': 1,
      }),
      absent: ['usage.cacheWrite5mTokens', 'usage.cacheWrite1hTokens'],
    },
    {
      rule: 'parameters',
      span: create({
        'anthropic.thinking.type': 'enabled',
        'anthropic.response.service_tier': 'priority',
        'anthropic.request.service_tier': 'auto',
      }),
      call: {
        parameters: { thinking_type: 'enabled', requested_service_tier: 'auto' },
        serviceTier: 'priority',
      },
    },
    {
      rule: 'an overloaded server',
      span: {
        ...create({
          'error.type': 'overloaded_error',
          'http.response.status_code': 529,
          'anthropic.request.id': 'req_1',
        }),
        status: { code: 'error', message: undefined },
      },
      call: { kind: 'generation', error: { type: 'overloaded_error' }, httpStatus: 529, responseId: 'req_1' },
    },
    {
      rule: 'counting tokens is no generation and spends none',
      span: sdk('anthropic.messages.count_tokens', {
        'gen_ai.request.model': 'claude-sonnet-4',
        'anthropic.message.count_tokens.input_tokens': 12,
      }),
      call: { kind: 'span' },
      absent: ['usage'],
    },
    {
      rule: 'a failed count is no generation either',
      span: sdk(
        'anthropic.messages.count_tokens',
        { 'gen_ai.request.model': 'c', 'error.type': 'x' },
        { status: { code: 'error', message: undefined } },
      ),
      call: { kind: 'span' },
    },
    {
      rule: 'creating a session runs no model',
      span: sdk('anthropic.sessions.create', { 'gen_ai.request.model': 'c', 'gen_ai.agent.name': 'coder' }),
      call: { kind: 'span', agentName: 'coder' },
    },
    {
      rule: 'the tool runner is an agent',
      span: sdk(
        'anthropic.messages.tool_runner',
        { 'gen_ai.operation.name': 'invoke_agent' },
        { kind: 'internal' },
      ),
      call: { kind: 'agent' },
    },
    {
      rule: 'a tool of the application',
      span: sdk(
        'anthropic.custom_tool_use get_weather',
        {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'get_weather',
          'gen_ai.tool.call.arguments': '{"city":"Paris"}',
          'anthropic.tool_result.content': '[{"type":"text","text":"sunny"}]',
        },
        { kind: 'internal' },
      ),
      call: {
        kind: 'tool',
        toolName: 'get_weather',
        inputState: { city: 'Paris' },
        outputState: [{ type: 'text', text: 'sunny' }],
      },
    },
    {
      rule: 'spans of the platform, and their session',
      span: {
        name: 'anthropic.messages.create',
        kind: 'server',
        scope: 'com.anthropic.claude-platform',
        resource: { 'service.name': 'claude-platform' },
        attributes: {
          'gen_ai.operation.name': 'chat',
          'anthropic.session.id': 's1',
          'anthropic.session.turn.stop_reason': 'end_turn',
        },
      },
      call: { kind: 'generation', dialect: 'anthropic', finishReason: 'stop', trace: { sessionId: 's1' } },
    },
  ]);
});
