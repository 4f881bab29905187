import { objectOf } from '../../json/object-of.ts';
import { readMessages } from '../messages/read-messages.ts';
import { readToolDefinitions } from '../messages/read-tool-definitions.ts';
import { at, isPlaceholder, isRecord } from '../messages/recorded-json.ts';
import type { Dialect, KindContext, KindCorrection } from './dialect.ts';
import { kindByName } from './shared/kind-by-name.ts';
import { attribute, inside, structured } from './shared/sources.ts';
import { oneOf, toContent, toCount, toHttpStatus, toModelName, toText } from './shared/values.ts';

const REQUEST = 'gcp.vertex.agent.llm_request';
const RESPONSE = 'gcp.vertex.agent.llm_response';

/**
 * Google's Agent Development Kit. JavaScript writes the JSON of request and response in camel case, Python in
 * snake case; both write `{}` with content capture off. The vendor is always `gcp.vertex.agent`, whatever the
 * model.
 * Sources: `@google/adk` 2.0, `google/adk-python` (telemetry/tracing.py, telemetry/_token_usage.py).
 */
export const googleAdk: Dialect = {
  id: 'google-adk',
  title: 'Google ADK',
  framework: 'google-adk',
  detect: { scopes: ['gcp.vertex.agent'], prefixes: ['gcp.vertex.agent.'] },
  correctKind: mergedTools,
  reasoningReporting,
  content: {
    input: ['gcp.vertex.agent.data'],
  },
  fields: {
    kind: [
      attribute('gen_ai.operation.name', oneOf({ invoke_node: 'step' })),
      kindByName({
        invocation: 'workflow',
        'invoke_agent *': 'agent',
        'agent_run *': 'agent',
        call_llm: 'generation',
        'execute_tool *': 'tool',
        'execute_node*': 'step',
        'invoke_node*': 'step',
      }),
    ],

    responseModel: [inside(RESPONSE, ['modelVersion', 'model_version'], toModelName)],
    requestModel: [inside(REQUEST, 'model', toModelName)],

    inputMessages: [
      structured(REQUEST, (value) => (isRecord(value) ? readMessages(value, 'user') : undefined)),
    ],
    // A blocked or failed answer has no content.
    outputMessages: [
      structured(RESPONSE, (value) =>
        at(value, ['content']) ? readMessages(value, 'assistant') : undefined,
      ),
    ],
    toolDefinitions: [inside(REQUEST, 'config/tools', readToolDefinitions)],
    inputState: [
      structured('gcp.vertex.agent.tool_call_args', recorded),
      structured('gcp.vertex.agent.data', recorded),
    ],
    outputState: [structured('gcp.vertex.agent.tool_response', recordedResult)],

    parameters: [inside(REQUEST, 'config', configParameters)],
    // Only streamed answers are marked as partial or not.
    streaming: [inside(RESPONSE, 'partial', (partial) => (typeof partial === 'boolean' ? true : undefined))],

    inputTokens: [usage('promptTokenCount', 'prompt_token_count')],
    outputTokens: [usage('candidatesTokenCount', 'candidates_token_count')],
    totalTokens: [usage('totalTokenCount', 'total_token_count')],
    cacheReadTokens: [usage('cachedContentTokenCount', 'cached_content_token_count')],
    reasoningTokens: [
      attribute('gen_ai.usage.experimental.reasoning_tokens', toCount),
      usage('thoughtsTokenCount', 'thoughts_token_count'),
    ],

    finishReason: [inside(RESPONSE, ['finishReason', 'finish_reason'], toText)],
    isError: [inside(RESPONSE, ['errorCode', 'error_code'], (code) => (toText(code) ? true : undefined))],
    errorType: [inside(RESPONSE, ['errorCode', 'error_code'], toText)],
    httpStatus: [inside(RESPONSE, ['errorCode', 'error_code'], toHttpStatus)],
    errorMessage: [inside(RESPONSE, ['errorMessage', 'error_message'], toText)],

    sessionId: [attribute('gcp.vertex.agent.session_id', toText)],
    workflowName: [attribute('adk.workflow.name', toText)],
  },
};

function usage(camel: string, snake: string) {
  return inside(RESPONSE, [`usageMetadata/${camel}`, `usage_metadata/${snake}`], toCount);
}

/** What stands where there is nothing to record. */
const NOTHING: ReadonlySet<unknown> = new Set([
  '<not serializable>',
  '<non-serializable>',
  '<not specified>',
  'N/A',
]);

function recorded(value: unknown): unknown {
  return NOTHING.has(value) ? undefined : toContent(value);
}

/** A result that is no object stands in one, under `result`. */
function recordedResult(value: unknown): unknown {
  return isRecord(value) && NOTHING.has(value.result) ? undefined : recorded(value);
}

const PARAMETERS: readonly (readonly [name: string, camel: string, snake: string])[] = [
  ['temperature', 'temperature', 'temperature'],
  ['max_tokens', 'maxOutputTokens', 'max_output_tokens'],
  ['top_p', 'topP', 'top_p'],
  ['top_k', 'topK', 'top_k'],
  ['stop', 'stopSequences', 'stop_sequences'],
  ['seed', 'seed', 'seed'],
  ['n', 'candidateCount', 'candidate_count'],
  ['frequency_penalty', 'frequencyPenalty', 'frequency_penalty'],
  ['presence_penalty', 'presencePenalty', 'presence_penalty'],
  ['thinking', 'thinkingConfig', 'thinking_config'],
  ['response_mime_type', 'responseMimeType', 'response_mime_type'],
];

function configParameters(config: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isRecord(config)) return undefined;
  const found = PARAMETERS.map(([name, camel, snake]) => [name, config[camel] ?? config[snake]] as const);
  return objectOf(found.filter(([, value]) => !isPlaceholder(value)));
}

/**
 * Several tools of one answer get a further span, made for ADK's own debugging view, with all results once
 * more.
 */
function mergedTools({ span }: KindContext): KindCorrection | undefined {
  if (span.attributes['gen_ai.tool.name'] !== '(merged tools)') return undefined;
  return { kind: 'ignore', because: 'it repeats the tool spans beside it' };
}

/**
 * Gemini counts thinking apart. Since it writes OpenTelemetry's name for thinking, ADK adds it to the output.
 */
function reasoningReporting({ span }: KindContext): 'inclusive' | 'exclusive' {
  return span.attributes['gen_ai.usage.reasoning.output_tokens'] === undefined ? 'exclusive' : 'inclusive';
}
