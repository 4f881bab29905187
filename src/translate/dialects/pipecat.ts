import type { Dialect } from './dialect.ts';
import { kindByName } from './shared/kind-by-name.ts';
import { messages, systemText, toolList } from './shared/message-sources.ts';
import { own, ownAttribute, structured } from './shared/sources.ts';
import { toBoolean, toContent, toCount, toText } from './shared/values.ts';

/**
 * Pipecat (voice). Model and usage stand under OpenTelemetry's names, content under bare ones: `messages` was renamed
 * `input`. Speech services have spans of their own, without tokens. Source: `pipecat-ai/pipecat` (utils/tracing).
 */
export const pipecat: Dialect = {
  id: 'pipecat',
  title: 'Pipecat',
  framework: 'pipecat',
  detect: { scopes: ['pipecat', 'pipecat.*'] },
  fields: {
    kind: [
      kindByName({
        conversation: 'workflow',
        turn: 'step',
        llm: 'generation',
        stt: 'step',
        tts: 'step',
        llm_tool_call: 'tool',
        llm_tool_result: 'tool',
      }),
    ],

    inputMessages: [
      own(messages('input', 'user')),
      own(messages('messages', 'user')),
      own(messages('transcript', 'user')),
      own(messages('text', 'user')),
    ],
    outputMessages: [own(messages('output', 'assistant'))],
    systemInstructions: [own(systemText('system')), own(systemText('system_instruction'))],
    toolDefinitions: [own(toolList('tools'))],
    inputState: [own(structured('tool.arguments', toContent))],
    outputState: [own(structured('tool.result', toContent))],
    toolName: [ownAttribute('tool.function_name', toText), ownAttribute('tool.name', toText)],
    toolCallId: [ownAttribute('tool.call_id', toText)],

    streaming: [ownAttribute('stream', toBoolean)],
    timeToFirstTokenSeconds: [ownAttribute('metrics.ttfb', toCount)],
    sessionId: [ownAttribute('conversation.id', toText)],
  },
};
