import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';

describe('eve', () => {
  itReads([
    {
      rule: 'a turn of the agent',
      span: {
        name: 'ai.eve.turn',
        kind: 'internal',
        scope: 'eve',
        attributes: {
          'eve.session.id': 'wrun_1',
          'eve.environment': 'production',
          'ai.telemetry.functionId': 'researcher',
        },
      },
      call: {
        kind: 'agent',
        dialect: 'eve',
        agentName: 'researcher',
        trace: { sessionId: 'wrun_1', metadata: { environment: 'production' } },
      },
    },
    {
      rule: 'the session of the AI SDK’s spans below it',
      span: {
        name: 'chat gpt-4o',
        scope: 'gen_ai',
        attributes: { 'gen_ai.operation.name': 'chat', 'ai.settings.context.eve.session.id': 'wrun_1' },
      },
      call: { kind: 'generation', dialect: 'vercel-ai', trace: { sessionId: 'wrun_1' } },
    },
  ]);
});
