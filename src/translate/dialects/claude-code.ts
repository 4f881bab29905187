import { readMessages } from '../messages/read-messages.ts';
import type { Dialect } from './dialect.ts';
import { kindByName } from './shared/kind-by-name.ts';
import { attribute, own, ownAttribute, structured } from './shared/sources.ts';
import {
  millisecondsToSeconds,
  toBoolean,
  toContent,
  toHttpStatus,
  toModelName,
  toPositiveCount,
  toText,
} from './shared/values.ts';

/** Stands for the prompt unless `OTEL_LOG_USER_PROMPTS` is set. */
const WITHHELD = '<REDACTED>';

/**
 * Claude Code's own spans, with bare attribute names. Counts are Anthropic's, without cached tokens; 0 means
 * that nothing was reported. (The Claude Agent SDK, which runs Claude Code, is seen through OpenInference or
 * Logfire.)
 * Sources: `@anthropic-ai/claude-code` 2.1, Claude Code's monitoring documentation.
 */
export const claudeCode: Dialect = {
  id: 'claude-code',
  title: 'Claude Code',
  detect: {
    scopes: ['com.anthropic.claude_code.tracing'],
    spanNames: ['claude_code.*'],
  },
  cacheReporting: () => 'exclusive',
  reasoningReporting: () => 'inclusive',
  fields: {
    kind: [
      kindByName({
        'claude_code.interaction': 'agent',
        'claude_code.llm_request': 'generation',
        'claude_code.tool': 'tool',
        'claude_code.*': 'span',
      }),
    ],

    responseModel: [ownAttribute('model', toModelName)],
    requestModel: [ownAttribute('model', toModelName)],
    responseId: [ownAttribute('request_id', toText)],

    inputMessages: [
      ownAttribute('user_prompt', (value) => (value === WITHHELD ? undefined : readMessages(value, 'user'))),
    ],
    inputState: [own(structured('tool_input', toContent)), own(structured('tool_parameters', toContent))],
    outputState: [own(structured('tool_output', toContent))],
    toolName: [ownAttribute('tool_name', toText)],

    inputTokens: [ownAttribute('input_tokens', toPositiveCount)],
    outputTokens: [ownAttribute('output_tokens', toPositiveCount)],
    cacheReadTokens: [ownAttribute('cache_read_tokens', toPositiveCount)],
    cacheWriteTokens: [ownAttribute('cache_creation_tokens', toPositiveCount)],

    timeToFirstTokenSeconds: [
      ownAttribute('ttft_ms', (value) => millisecondsToSeconds(toPositiveCount(value))),
    ],

    finishReason: [ownAttribute('stop_reason', toText)],
    isError: [ownAttribute('success', (value) => (toBoolean(value) === false ? true : undefined))],
    errorMessage: [ownAttribute('error', toText)],
    httpStatus: [ownAttribute('status_code', toHttpStatus)],

    metadata: ['query_source', 'attempt', 'speed'].map((key) =>
      own(attribute(key, (value) => noted(key, value))),
    ),
  },
};

/** Which part of Claude Code asked (a turn, a title, a suggestion), and at which attempt. */
function noted(key: string, value: unknown): Readonly<Record<string, unknown>> | undefined {
  return toText(value) === undefined ? undefined : { [key]: value };
}
