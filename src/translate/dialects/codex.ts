import type { Dialect, KindContext, KindCorrection } from './dialect.ts';
import { kindByName } from './shared/kind-by-name.ts';
import { hasSignOfAi } from './shared/signs-of-ai.ts';
import { attribute, ownAttribute, parameter } from './shared/sources.ts';
import { toCount, toModelName, toPositiveCount, toText } from './shared/values.ts';

const TURN = 'session_task.turn';
const RESPONSE = 'handle_responses';
/** Scope of `codex exec`; the interactive ones are `codex_cli_rs` and `codex-app-server`. */
const EXEC = 'codex_exec';
const USAGE = 'codex.turn.token_usage.';

/**
 * OpenAI's Codex. A turn and the responses within it report the same usage: the interactive program always
 * has the turn, `codex exec` always has the responses. Its scopes also carry hundreds of internal spans.
 * Source: Codex' native spans as LangWatch reads them (canonicalisation/extractors/codex.ts).
 */
export const codex: Dialect = {
  id: 'codex',
  title: 'OpenAI Codex',
  detect: { scopes: ['codex_cli_rs', 'codex-app-server', EXEC], prefixes: ['codex.turn.', 'codex.usage.'] },
  correctKind,
  cacheReporting: () => 'inclusive',
  reasoningReporting: () => 'inclusive',
  fields: {
    kind: [kindByName({ [TURN]: 'generation', [RESPONSE]: 'generation' })],

    responseModel: [ownAttribute('model', toModelName)],
    requestModel: [ownAttribute('model', toModelName)],

    parameters: [
      parameter('codex.request.reasoning_effort', 'reasoning_effort'),
      parameter('codex.turn.reasoning_effort', 'reasoning_effort'),
    ],

    inputTokens: [attribute(`${USAGE}input_tokens`, toCount)],
    outputTokens: [attribute(`${USAGE}output_tokens`, toCount)],
    totalTokens: [attribute(`${USAGE}total_tokens`, toCount)],
    cacheReadTokens: [attribute(`${USAGE}cached_input_tokens`, toCount)],
    cacheWriteTokens: [attribute(`${USAGE}cache_write_input_tokens`, toCount)],
    reasoningTokens: [
      attribute('codex.usage.reasoning_output_tokens', toPositiveCount),
      attribute(`${USAGE}reasoning_output_tokens`, toCount),
    ],

    sessionId: [ownAttribute('thread.id', threadId), ownAttribute('turn.id', toText)],
  },
};

function correctKind(context: KindContext): KindCorrection | undefined {
  const { name, scope } = context.span;
  if (name === TURN && scope.name === EXEC) {
    return { kind: 'agent', because: 'its usage repeats that of the responses below it' };
  }
  if (name === RESPONSE && scope.name !== EXEC) {
    return { kind: 'step', because: 'its usage is repeated in the turn above it' };
  }
  return hasSignOfAi(context) ? undefined : { kind: 'ignore', because: 'it is internal work of Codex' };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The session of a turn; on other spans the same attribute is the number of a worker thread. */
function threadId(value: unknown): string | undefined {
  return typeof value === 'string' && UUID.test(value) ? value : undefined;
}
