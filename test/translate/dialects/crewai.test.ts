import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

function crew(name: string, attributes: Record<string, unknown>): SpanParts {
  return {
    name,
    scope: 'opentelemetry.instrumentation.crewai',
    attributes: { 'gen_ai.system': 'crewai', ...attributes },
  };
}

const RUNNING_TOTAL = {
  'gen_ai.usage.input_tokens': 900,
  'gen_ai.usage.output_tokens': 90,
  'gen_ai.request.model': 'gpt-4o',
};

describe('CrewAI', () => {
  itReads([
    {
      rule: 'the crew is a workflow with its result',
      span: crew('crewai.workflow', {
        'gen_ai.operation.name': 'invoke_agent',
        'crewai.crew.result': 'done',
        'crewai.crew.token_usage': 'total_tokens=990',
      }),
      call: { kind: 'workflow', dialect: 'crewai', framework: 'crewai', outputState: 'done' },
      absent: ['usage', 'provider'],
    },
    {
      rule: "an agent's usage is a running total",
      span: crew('Researcher.agent', {
        'traceloop.span.kind': 'agent',
        'crewai.agent.role': 'Researcher',
        ...RUNNING_TOTAL,
      }),
      call: { kind: 'agent', agentName: 'Researcher', dialect: 'crewai' },
      absent: ['usage'],
    },
    {
      rule: 'a task with what it asks and answers',
      span: crew('Find facts.task', {
        'gen_ai.operation.name': 'invoke_agent',
        'crewai.task.description': 'Find facts',
        'traceloop.entity.output': 'facts',
        ...RUNNING_TOTAL,
      }),
      call: { kind: 'task', inputState: 'Find facts', outputState: 'facts' },
      absent: ['usage'],
    },
    {
      rule: 'the call of a model, which in older releases carries nothing but its name',
      span: crew('gpt-4o.llm', { 'gen_ai.request.model': 'gpt-4o' }),
      call: { kind: 'generation', model: 'gpt-4o', provider: 'openai' },
    },
    {
      rule: 'and in newer ones its usage',
      span: crew('gpt-4o.llm', { 'gen_ai.operation.name': 'chat', ...RUNNING_TOTAL }),
      call: { kind: 'generation', usage: { inputTokens: 900, outputTokens: 90 } },
    },
  ]);
});
