import type { CallKind } from '../call/llm-call.ts';
import type { SpanEventView, SpanView } from '../span/span-view.ts';
import type { Dialect, EventsSource, KindContext, KindCorrection } from './dialect.ts';
import { attribute, events, ofSpan, own, ownAttribute, parameter } from './shared/sources.ts';
import { toBoolean, toContent, toCount, toModelName, toPositiveCount, toText } from './shared/values.ts';

const TURN = 'session_task.turn';
/** Once for each event of an answer's stream; only the one that ends it has usage. */
const RESPONSE = 'handle_responses';
const SAMPLING = 'run_sampling_request';
/** Scope of `codex exec`; the interactive ones are `codex_cli_rs` and `codex-app-server`. */
const EXEC = 'codex_exec';
const USAGE = 'codex.turn.token_usage.';
const TOOL_RESULT = 'codex.tool_result';

/**
 * OpenAI's Codex. A turn and the responses within it report the same usage: the interactive program always
 * has the turn, `codex exec` always has the responses. Its scopes also carry hundreds of internal spans, some of which
 * name a model. Sources: spans of `codex exec` 0.171; Codex' native spans as LangWatch reads them
 * (canonicalisation/extractors/codex.ts).
 */
export const codex: Dialect = {
  id: 'codex',
  title: 'OpenAI Codex',
  framework: 'codex',
  detect: { scopes: ['codex_cli_rs', 'codex-app-server', EXEC], prefixes: ['codex.turn.', 'codex.usage.'] },
  correctKind,
  cacheReporting: () => 'inclusive',
  reasoningReporting: () => 'inclusive',
  fields: {
    kind: [own(ofSpan('span name', kindOfSpan))],

    responseModel: [ownAttribute('model', toModelName)],
    requestModel: [ownAttribute('model', toModelName)],
    provider: [own(attribute('codex.usage.total_tokens', () => 'openai'))],

    inputState: [inToolRecord('arguments')],
    outputState: [inToolRecord('output')],
    toolName: [ownAttribute('tool_name', toText)],
    toolCallId: [ownAttribute('call_id', toText)],

    parameters: [
      parameter('codex.request.reasoning_effort', 'reasoning_effort'),
      parameter('codex.turn.reasoning_effort', 'reasoning_effort'),
    ],

    inputTokens: [attribute(`${USAGE}input_tokens`, toCount)],
    outputTokens: [attribute(`${USAGE}output_tokens`, toCount)],
    totalTokens: [attribute(`${USAGE}total_tokens`, toCount), attribute('codex.usage.total_tokens', toCount)],
    cacheReadTokens: [attribute(`${USAGE}cached_input_tokens`, toCount)],
    cacheWriteTokens: [attribute(`${USAGE}cache_write_input_tokens`, toCount)],
    reasoningTokens: [
      attribute('codex.usage.reasoning_output_tokens', toPositiveCount),
      attribute(`${USAGE}reasoning_output_tokens`, toCount),
    ],

    isError: [
      own(
        events(TOOL_RESULT, (list) =>
          toBoolean(toolRecord(list)?.attributes.success) === false ? true : undefined,
        ),
      ),
    ],

    sessionId: [ownAttribute('conversation.id', toText), ownAttribute('thread.id', threadId)],
  },
};

/** Of what Codex records, turns, requests for an answer, answers and tools; everything else is its internal work. */
function kindOfSpan({ name, attributes }: SpanView): CallKind | undefined {
  if (name === TURN) return 'generation';
  if (name === SAMPLING) return attributes.model === undefined ? undefined : 'step';
  if (name === RESPONSE)
    return attributes['gen_ai.usage.output_tokens'] === undefined ? undefined : 'generation';
  return isToolRun(name, attributes) ? 'tool' : undefined;
}

/** Spans of other work name the tool of the moment, too; its run is named after it. */
function isToolRun(name: string, attributes: SpanView['attributes']): boolean {
  if (attributes['codex.tool.phase'] === 'dispatch') return true;
  return attributes.call_id !== undefined && attributes.tool_name === name;
}

function correctKind({ kind, span }: KindContext): KindCorrection | undefined {
  const { name, scope } = span;
  if (name === TURN && scope.name === EXEC) {
    return { kind: 'agent', because: 'its usage repeats that of the responses below it' };
  }
  if (name === RESPONSE && scope.name !== EXEC && kind === 'generation') {
    return { kind: 'step', because: 'its usage is repeated in the turn above it' };
  }
  return kind === undefined ? { kind: 'ignore', because: 'it is internal work of Codex' } : undefined;
}

function toolRecord(list: readonly SpanEventView[]): SpanEventView | undefined {
  return list.find(({ name }) => name === TOOL_RESULT);
}

/** The log record of a tool's run, which is joined by the id of the call. */
function inToolRecord(key: string): EventsSource<unknown> {
  return own(events(TOOL_RESULT, (list) => toContent(toolRecord(list)?.attributes[key])));
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The session of a turn; on other spans the same attribute is the number of a worker thread. */
function threadId(value: unknown): string | undefined {
  return typeof value === 'string' && UUID.test(value) ? value : undefined;
}
