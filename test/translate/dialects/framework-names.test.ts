import { describe } from 'vitest';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';

const CALL = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' };

const rows: ReadonlyArray<readonly [framework: string, scope: string, attributes: Record<string, unknown>]> =
  [
    ['agent-framework', 'agent_framework', {}],
    ['agent-framework', 'Microsoft.Agents.AI', {}],
    ['autogen', 'autogen-core', {}],
    ['agentops', 'agentops', {}],
    ['langwatch', 'langwatch', {}],
    ['logfire', 'logfire.openai', {}],
    ['openai-agents', 'logfire.openai_agents', {}],
    ['opencode', 'opencode', { 'ai.operationId': 'ai.streamText.doStream' }],
    ['spring-ai', 'org.springframework.boot', {}],
    ['koog', 'demo-app', { 'koog.event.id': 'e' }],
    ['rig', 'demo-app', { target: 'rig::completions' }],
    ['rig', 'demo-app', { 'code.module.name': 'rig_agent::agent::engine' }],
    ['genai', 'demo-app', { target: 'genai::otel::span' }],
  ];

const named: readonly DialectRow[] = rows.map(([framework, scope, attributes]) => ({
  rule: `${framework} of the scope ${scope} ${JSON.stringify(attributes)}`,
  span: { name: 'chat', scope, attributes: { ...CALL, ...attributes } },
  call: { kind: 'generation', framework },
}));

describe('the name of the framework', () => {
  itReads([
    ...named,
    {
      rule: "an application's own module is none",
      span: { name: 'chat', scope: 'demo-app', attributes: { ...CALL, target: 'right_answers::main' } },
      call: { kind: 'generation' },
      absent: ['framework'],
    },
    {
      rule: "Azure's clients are none",
      span: { name: 'chat', scope: 'azure.ai.inference', attributes: CALL },
      call: { kind: 'generation' },
      absent: ['framework'],
    },
  ]);
});
