import { describe, expect, it } from 'vitest';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { itReads } from '../../support/dialect-rows.ts';
import { span } from '../../support/spans.ts';

describe('opencode', () => {
  itReads([
    {
      rule: "a call is the AI SDK's",
      span: {
        name: 'ai.streamText.doStream',
        scope: 'opencode',
        attributes: {
          'ai.operationId': 'ai.streamText.doStream',
          'ai.model.id': 'gpt-4o',
          'ai.usage.inputTokens': 9,
        },
      },
      call: { kind: 'generation', framework: 'opencode', usage: { inputTokens: 9 } },
    },
  ]);

  it.each(['Plugin.load', 'sql.execute', 'FileSystem.up', 'SessionPrompt.loop'])('%s is not sent', (name) => {
    const read = readCall(span({ name, scope: 'opencode', attributes: { 'plugin.id': 'agent' } }));
    expect(read.type).toBe('foreign');
  });
});
