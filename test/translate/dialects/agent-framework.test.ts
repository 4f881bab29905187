import { describe } from 'vitest';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

function microsoft(name: string, attributes: Record<string, unknown>, scope = 'agent_framework'): SpanParts {
  return { name, kind: 'internal', scope, attributes };
}

const names: readonly DialectRow[] = [
  ['workflow.run', 'workflow'],
  ['executor.process upper', 'step'],
  ['edge_group.process', 'span'],
  ['message.send', 'span'],
  ['orchestrate_tools', 'step'],
].map(([name = '', kind]) => ({
  rule: `${name} is ${kind}`,
  span: microsoft(name, { 'workflow.id': '1' }),
  call: { kind, dialect: 'agent-framework' },
}));

const scopes: readonly DialectRow[] = [
  'Experimental.Microsoft.Agents.AI',
  'Experimental.Microsoft.Extensions.AI',
  'autogen-core',
  'azure.ai.inference',
].map((scope) => ({
  rule: `${scope} is known`,
  span: microsoft('chat gpt-4o', { 'gen_ai.operation.name': 'chat' }, scope),
  call: { kind: 'generation', dialect: 'agent-framework' },
}));

describe('kinds', () => {
  itReads([
    ...names,
    ...scopes,
    {
      rule: 'an agent repeats the usage of its chats',
      span: microsoft('invoke_agent w', {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.provider.name': 'microsoft.agent_framework',
        'gen_ai.agent.name': 'w',
        'gen_ai.usage.input_tokens': 100,
      }),
      call: { kind: 'agent', agentName: 'w' },
      absent: ['usage', 'provider'],
    },
    {
      rule: 'a run of the agent service is the only record of its usage',
      span: microsoft(
        'process_thread_run',
        {
          'gen_ai.operation.name': 'process_thread_run',
          'gen_ai.system': 'az.ai.agents',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.thread.id': 'thread_1',
          'gen_ai.usage.input_tokens': 12,
          'gen_ai.usage.output_tokens': 3,
        },
        'azure.ai.projects',
      ),
      call: {
        kind: 'generation',
        provider: 'azure.ai.agents',
        usage: { inputTokens: 12, outputTokens: 3 },
        trace: { sessionId: 'thread_1' },
      },
    },
    {
      rule: 'a run of the agent service without usage counts nothing',
      span: microsoft('start_thread_run', { 'gen_ai.operation.name': 'start_thread_run' }, 'azure.ai.agents'),
      call: { kind: 'span' },
    },
  ]);
});

describe('facts', () => {
  itReads([
    {
      rule: 'the workflow and the agent by their plain names',
      span: microsoft('workflow.run', { 'workflow.name': 'triage', 'agent.name': 'w' }),
      call: { workflowName: 'triage', agentName: 'w' },
    },
    {
      rule: 'tokens of previews of Microsoft.Extensions.AI',
      span: microsoft(
        'chat gpt-4o',
        {
          'gen_ai.operation.name': 'chat',
          'gen_ai.response.input_tokens': 5,
          'gen_ai.response.output_tokens': 2,
        },
        'Experimental.Microsoft.Extensions.AI',
      ),
      call: { usage: { inputTokens: 5, outputTokens: 2 } },
    },
    {
      rule: 'Azure’s inference by its older name',
      span: microsoft(
        'chat gpt-4o',
        { 'gen_ai.operation.name': 'chat', 'gen_ai.system': 'az.ai.inference' },
        'azure.ai.inference',
      ),
      call: { provider: 'azure.ai.inference' },
    },
    {
      rule: 'AutoGen is no vendor',
      span: microsoft(
        'invoke_agent w',
        { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.system': 'autogen' },
        'autogen-core',
      ),
      absent: ['provider'],
    },
  ]);
});
