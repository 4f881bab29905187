import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';

describe('Koog', () => {
  itReads([
    {
      rule: 'a node is a step with its state',
      span: {
        name: 'node nodeCallLLM',
        kind: 'internal',
        scope: 'demo-app',
        attributes: {
          'koog.node.id': 'nodeCallLLM',
          'koog.node.input': '"Ping?"',
          'koog.node.output': '"Pong."',
        },
      },
      call: { kind: 'step', framework: 'koog', inputState: 'Ping?', outputState: 'Pong.' },
    },
    {
      rule: 'a strategy is the run of its nodes',
      span: {
        name: 'strategy single_run',
        scope: 'demo-app',
        attributes: { 'koog.strategy.name': 'single_run' },
      },
      call: { kind: 'workflow' },
    },
  ]);
});
