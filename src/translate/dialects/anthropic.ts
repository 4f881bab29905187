import type { Reporting } from '../call/usage.ts';
import type { SpanView } from '../span/span-view.ts';
import type { Dialect, KindContext, KindCorrection } from './dialect.ts';
import { attribute, lastResort, parameter, structured } from './shared/sources.ts';
import { toContent, toCount, toText } from './shared/values.ts';

/**
 * Anthropic's own spans: those of its SDKs (scope `com.anthropic.sdk.<language>`, on by default) and those that the
 * platform exports (scope `com.anthropic.claude-platform`, kind server). Everything else is OpenTelemetry's.
 */
export const anthropic: Dialect = {
  id: 'anthropic',
  title: 'Anthropic SDK and platform',
  detect: {
    scopes: ['com.anthropic.sdk.*', 'com.anthropic.claude-platform'],
    prefixes: ['anthropic.'],
  },
  content: {
    tools: ['anthropic.tool_result.*'],
  },
  fields: {
    responseId: [lastResort(attribute('anthropic.request.id', toText))],
    outputState: [structured('anthropic.tool_result.content', toContent)],
    parameters: [
      parameter('anthropic.thinking.type', 'thinking_type'),
      parameter('anthropic.thinking.budget_tokens', 'thinking_budget_tokens'),
      parameter('anthropic.request.service_tier', 'service_tier'),
      parameter('anthropic.beta', 'betas'),
    ],
    cacheWrite5mTokens: [attribute('anthropic.usage.cache_creation.ephemeral_5m_input_tokens', toCount)],
    cacheWrite1hTokens: [attribute('anthropic.usage.cache_creation.ephemeral_1h_input_tokens', toCount)],
    extraInputTokens: [attribute('anthropic.usage.compaction.input_tokens', toCount)],
    extraOutputTokens: [attribute('anthropic.usage.compaction.output_tokens', toCount)],
    finishReason: [
      attribute('anthropic.message.stop_reason', toText),
      attribute('anthropic.session.turn.stop_reason', toText),
    ],
    sessionId: [attribute('anthropic.session.id', toText)],
  },
  correctKind: notAModelCall,
  cacheReporting: ofOwnSpan,
  reasoningReporting: ofOwnSpan,
};

/** Its attributes stand on spans of other instrumentations too, which count in their own way. */
function isOwnSpan({ scope }: SpanView): boolean {
  return scope.name.startsWith('com.anthropic.');
}

function ofOwnSpan({ span }: KindContext): Reporting | undefined {
  return isOwnSpan(span) ? 'inclusive' : undefined;
}

/**
 * Calls that name a model without running it (counting tokens, creating a session) or that run none (files, batches,
 * administration). Model calls and tools have an operation name, unless it was lost; then they have usage.
 */
function notAModelCall(context: KindContext): KindCorrection | undefined {
  const { kind, span } = context;
  if (kind !== undefined || !isOwnSpan(span) || !span.name.startsWith('anthropic.')) return undefined;
  if (context.get('outputTokens') !== undefined) return undefined;
  return { kind: 'span', because: 'only calls with an operation name run a model' };
}
