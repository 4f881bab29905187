import type { CallKind } from '../call/llm-call.ts';
import type { Message } from '../call/messages.ts';
import { joinChunks } from '../messages/join-chunks.ts';
import { readMessages } from '../messages/read-messages.ts';
import type { Dialect, EventsSource } from './dialect.ts';
import { attribute, events, firstChoice, own, ownAttribute, structured } from './shared/sources.ts';
import { firstFinishReason, oneOf, toContent, toCount } from './shared/values.ts';

const OPERATIONS: Readonly<Record<string, CallKind>> = {
  llm_call: 'generation',
  tool_call: 'tool',
  agent_call: 'agent',
  user_prompt: 'agent',
  system_prompt: 'prompt',
  schedule_tool_calls: 'step',
};

const RESPONSE = 'gemini_cli.api_response';

/**
 * Google's Gemini CLI. Its output count is Gemini's, without thoughts; those and cached tokens stand in the log record of
 * the response alone. Source: `google-gemini/gemini-cli` (packages/core/src/telemetry).
 */
export const geminiCli: Dialect = {
  id: 'gemini-cli',
  title: 'Gemini CLI',
  framework: 'gemini-cli',
  detect: { scopes: ['gemini-cli'] },
  cacheReporting: () => 'inclusive',
  reasoningReporting: () => 'exclusive',
  fields: {
    kind: [own(attribute('gen_ai.operation.name', oneOf(OPERATIONS)))],
    provider: [
      own(attribute('gen_ai.operation.name', (name) => (name === 'llm_call' ? 'gemini' : undefined))),
    ],
    outputMessages: [firstChoice(own(attribute('gen_ai.output.messages', chunksOfAnswer)))],
    inputState: [own(structured('gen_ai.input.messages', toContent))],
    outputState: [own(structured('gen_ai.output.messages', toContent))],
    cacheReadTokens: [inResponse('cached_content_token_count')],
    reasoningTokens: [inResponse('thoughts_token_count')],
    finishReason: [
      own(
        events(RESPONSE, (list) =>
          firstFinishReason(list.find(({ name }) => name === RESPONSE)?.attributes.finish_reasons),
        ),
      ),
    ],
    httpStatus: [ownAttribute('error_status_code', toCount)],
  },
};

/** A list with one message for each chunk of the stream. */
function chunksOfAnswer(value: unknown): readonly Message[] | undefined {
  const chunks = readMessages(value, 'assistant');
  return chunks && joinChunks(chunks);
}

function inResponse(key: string): EventsSource<number> {
  return own(
    events(RESPONSE, (list) => toCount(list.find(({ name }) => name === RESPONSE)?.attributes[key])),
  );
}
