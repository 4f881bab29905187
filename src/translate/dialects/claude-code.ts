import { readMessages } from '../messages/read-messages.ts';
import type { SpanEventView } from '../span/span-view.ts';
import type { Dialect, EventsSource, KindContext, KindCorrection } from './dialect.ts';
import { kindByName } from './shared/kind-by-name.ts';
import { attribute, events, ofSpan, own, ownAttribute, structured } from './shared/sources.ts';
import {
  millisecondsToSeconds,
  toBoolean,
  toContent,
  toCount,
  toHttpStatus,
  toModelName,
  toNumber,
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
  framework: 'claude-code',
  detect: {
    scopes: ['com.anthropic.claude_code.tracing'],
    spanNames: ['claude_code.*'],
  },
  correctKind: partOfTool,
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

    isProcessRoot: [own(ofSpan('span name', ({ name }) => name === 'claude_code.interaction' || undefined))],
    responseModel: [ownAttribute('model', toModelName)],
    requestModel: [ownAttribute('model', toModelName)],
    responseId: [ownAttribute('request_id', toText)],

    inputMessages: [
      ownAttribute('user_prompt', (value) => (value === WITHHELD ? undefined : readMessages(value, 'user'))),
    ],
    inputState: [own(structured('tool_input', toContent)), own(structured('tool_parameters', toContent))],
    outputState: [
      own(structured('tool_output', toContent)),
      own(events('tool.output', (list) => toContent(toolOutput(list)))),
    ],
    toolName: [ownAttribute('tool_name', toText)],

    inputTokens: [ownAttribute('input_tokens', toPositiveCount)],
    outputTokens: [ownAttribute('output_tokens', toPositiveCount)],
    cacheReadTokens: [ownAttribute('cache_read_tokens', toPositiveCount)],
    cacheWriteTokens: [ownAttribute('cache_creation_tokens', toPositiveCount)],

    cacheWrite5mTokens: [inRequestRecord('cache_creation_5m_tokens', toCount)],
    cacheWrite1hTokens: [inRequestRecord('cache_creation_1h_tokens', toCount)],
    totalCostUsd: [inRequestRecord('cost_usd', toNumber)],

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

const TOOL_PARTS: ReadonlySet<string> = new Set([
  'claude_code.tool.execution',
  'claude_code.tool.blocked_on_user',
]);

/** The span of the tool tells of its run and of the wait for a permission, but not of a failure. */
function partOfTool(context: KindContext): KindCorrection | undefined {
  if (!TOOL_PARTS.has(context.span.name) || context.get('isError') === true) return undefined;
  return { kind: 'ignore', because: 'it is a part of a tool, whose span tells the same' };
}

function toolOutput(list: readonly SpanEventView[]): unknown {
  return list.find(({ name }) => name === 'tool.output')?.attributes.output;
}

/** The log record of a request, which alone has its price and the lifetimes of what it cached. */
function inRequestRecord(key: string, read: (value: unknown) => number | undefined): EventsSource<number> {
  return own(
    events('claude_code.api_request', (list) => {
      const record = list.find(({ name }) => name === 'claude_code.api_request');
      return record && read(record.attributes[key]);
    }),
  );
}

/** Which part of Claude Code asked (a turn, a title, a suggestion), and at which attempt. */
function noted(key: string, value: unknown): Readonly<Record<string, unknown>> | undefined {
  return toText(value) === undefined ? undefined : { [key]: value };
}
