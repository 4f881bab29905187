import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

const json = JSON.stringify;

describe('Flue', () => {
  const flue = (name: string, attributes: Record<string, unknown>): SpanParts => ({
    name,
    kind: 'internal',
    scope: '@flue/opentelemetry',
    attributes: { 'flue.operation.id': 'o1', ...attributes },
  });

  itReads([
    {
      rule: 'a workflow by its name',
      span: flue('flue.workflow', { 'flue.workflow.name': 'publish' }),
      call: { kind: 'workflow', workflowName: 'publish' },
    },
    {
      rule: 'a turn of the model',
      span: flue('chat gpt-4o', {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-4o',
        'flue.reasoning': 'low',
        'flue.turn.input': json({
          systemPrompt: 'Be brief.',
          messages: [
            { role: 'user', content: 'Hi' },
            { role: 'assistant', content: [{ type: 'toolCall', id: 'c1', name: 'f', arguments: { a: 1 } }] },
            { role: 'toolResult', toolCallId: 'c1', toolName: 'f', content: [{ type: 'text', text: 'r' }] },
          ],
          tools: [{ name: 'f', parameters: { type: 'object' } }],
        }),
        'flue.turn.output': json({ role: 'assistant', content: [{ type: 'text', text: 'Ho' }] }),
      }),
      call: {
        kind: 'generation',
        dialect: 'flue',
        framework: 'flue',
        input: [
          { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
          { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'f', arguments: { a: 1 } }] },
          { role: 'tool', parts: [{ type: 'tool_result', id: 'c1', name: 'f', result: 'r' }] },
        ],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Ho' }] }],
        tools: [{ name: 'f', parameters: { type: 'object' } }],
        parameters: { reasoning_effort: 'low' },
      },
    },
    {
      rule: 'a tool',
      span: flue('flue.tool f', {
        'flue.task.id': 't1',
        'flue.tool.name': 'f',
        'flue.tool.call_id': 'c1',
        'flue.tool.arguments': '{"a":1}',
        'flue.tool.result': '{"b":2}',
      }),
      call: { kind: 'tool', toolName: 'f', inputState: { a: 1 }, outputState: { b: 2 } },
    },
    {
      rule: 'a task is an agent called by another',
      span: flue('flue.task', {
        'flue.task.agent': 'writer',
        'flue.task.prompt': 'Write',
        'flue.task.result': 'Done',
      }),
      call: { kind: 'agent', agentName: 'writer', inputState: 'Write', outputState: 'Done' },
    },
    {
      rule: 'a workflow',
      span: flue('flue.workflow', { 'flue.workflow.payload': '{"q":1}', 'flue.workflow.result': '{"r":2}' }),
      call: { kind: 'workflow', inputState: { q: 1 }, outputState: { r: 2 } },
    },
    {
      rule: 'an operation',
      span: flue('flue.operation prompt', { 'flue.operation.result': '{"r":2}' }),
      call: { kind: 'step', outputState: { r: 2 } },
    },
  ]);
});
