import type { Dialect } from './dialect.ts';
import { kindByName } from './shared/kind-by-name.ts';
import { messages } from './shared/message-sources.ts';
import { attribute, lastResort, ofSpan, own, ownAttribute, structured } from './shared/sources.ts';
import { toContent, toModelName, toPositiveCount, toText } from './shared/values.ts';

const USAGE = 'openclaw.model.usage';

/**
 * OpenClaw. A turn has the calls of the model, which newer releases give their usage, and beside them one span with the
 * usage of the turn. Content stands there only when it is asked for.
 * Source: `openclaw/openclaw` (extensions/diagnostics-otel/src/service-recorders-*.ts, service-genai-content.ts).
 */
export const openclaw: Dialect = {
  id: 'openclaw',
  title: 'OpenClaw',
  framework: 'openclaw',
  detect: { scopes: ['openclaw'], prefixes: ['openclaw.'] },
  // Older releases have counts of their own, which leave the cached tokens out.
  cacheReporting: ({ span }) =>
    span.attributes['gen_ai.usage.input_tokens'] === undefined ? 'exclusive' : 'inclusive',
  fields: {
    kind: [
      kindByName({
        'openclaw.message.processed': 'workflow',
        'openclaw.run': 'agent',
        'openclaw.harness.run': 'agent',
        'openclaw.model.call': 'generation',
        [USAGE]: 'generation',
        'openclaw.tool.execution': 'tool',
      }),
    ],
    isUsageRecord: [own(ofSpan('span name', ({ name }) => name === USAGE || undefined))],

    requestModel: [ownAttribute('openclaw.model', toModelName)],
    provider: [ownAttribute('openclaw.provider', toText)],

    inputMessages: [own(messages('openclaw.content.input_messages', 'user'))],
    outputMessages: [own(messages('openclaw.content.output_messages', 'assistant'))],
    inputState: [
      own(structured('openclaw.content.tool_input', toContent)),
      own(structured('input.value', toContent)),
    ],
    outputState: [
      own(structured('openclaw.content.tool_output', toContent)),
      own(structured('output.value', toContent)),
    ],
    toolName: [ownAttribute('openclaw.toolName', toText)],

    inputTokens: [lastResort(attribute('openclaw.tokens.input', toPositiveCount))],
    outputTokens: [attribute('openclaw.tokens.output', toPositiveCount)],
    totalTokens: [attribute('openclaw.tokens.total', toPositiveCount)],
    cacheReadTokens: [attribute('openclaw.tokens.cache_read', toPositiveCount)],
    cacheWriteTokens: [attribute('openclaw.tokens.cache_write', toPositiveCount)],
    reasoningTokens: [attribute('openclaw.model_call.usage.reasoning_output_tokens', toPositiveCount)],

    errorMessage: [ownAttribute('openclaw.error', toText)],
    agentName: [ownAttribute('openclaw.agent', toText)],
    sessionId: [ownAttribute('openclaw.sessionId', toText), ownAttribute('openclaw.sessionKey', toText)],
  },
  correctKind: ({ kind }) =>
    kind === undefined ? { kind: 'ignore', because: 'it is internal work of OpenClaw' } : undefined,
};
