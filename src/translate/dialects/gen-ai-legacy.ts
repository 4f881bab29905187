import type { Dialect } from './dialect.ts';
import { eventInput, eventOutput, messages } from './shared/message-sources.ts';
import { events, lastResort } from './shared/sources.ts';

/**
 * Where OpenTelemetry's GenAI conventions had content before v1.37: JSON attributes (until v1.27), span events and log
 * records. Other facts of those versions stand in `gen-ai.ts`, beside the names that replaced them.
 */
export const genAiLegacy: Dialect = {
  id: 'gen-ai-legacy',
  title: 'OpenTelemetry GenAI before v1.37 (content)',
  isGeneric: true,
  detect: {},
  content: {
    input: ['gen_ai.prompt*'],
    output: ['gen_ai.completion*', 'gen_ai.choice*'],
  },
  fields: {
    inputMessages: [messages('gen_ai.prompt', 'user'), lastResort(events('message events', eventInput))],
    outputMessages: [
      messages('gen_ai.completion', 'assistant'),
      messages('gen_ai.response.messages', 'assistant'),
      lastResort(events('choice events', eventOutput)),
    ],
  },
};
