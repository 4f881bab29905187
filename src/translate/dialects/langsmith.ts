import type { CallKind } from '../call/llm-call.ts';
import { readToolDefinitions } from '../messages/read-tool-definitions.ts';
import { isRecord } from '../messages/recorded-json.ts';
import type { Dialect, ReadContext } from './dialect.ts';
import { toTexts } from './shared/embeddings.ts';
import { SESSION_KEYS, USER_KEYS } from './shared/metadata.ts';
import { attribute, inside, metadataBelow, own, requestParameters, structured } from './shared/sources.ts';
import {
  oneOf,
  toBoolean,
  toContent,
  toCount,
  toNumber,
  toPositiveCount,
  toText,
  toTextList,
} from './shared/values.ts';

const USAGE = 'langsmith.usage_metadata';
const INPUT_DETAILS = 'gen_ai.usage.input_token_details';
const OUTPUT_DETAILS = 'gen_ai.usage.output_token_details';

const RUN_KINDS: Readonly<Record<string, CallKind>> = {
  llm: 'generation',
  embedding: 'embedding',
  chain: 'chain',
  tool: 'tool',
  retriever: 'retriever',
  prompt: 'prompt',
  parser: 'span',
};

const kindOfRun = oneOf(RUN_KINDS);

/** Usage, request and tracing internals that LangSmith keeps among the metadata, and copied environment variables. */
const NOT_METADATA = ['usage_metadata', 'invocation_params', 'ls_*', 'LANGSMITH_*', 'LANGCHAIN_*', 'tags'];

/**
 * LangSmith's OpenTelemetry mode. Every run, chains too, has its whole input in `gen_ai.prompt` and its whole output in
 * `gen_ai.completion`. Traps: `gen_ai.operation.name` is `embeddings` for retrievers and `chat` for prompts, so the run
 * type is believed before it; `langsmith.trace.session_*` is the LangSmith project; `langsmith.trace.name` is the name
 * of the run, as is the span's. Source: `langsmith` 0.12, `experimental/otel/translator`.
 */
export const langsmith: Dialect = {
  id: 'langsmith',
  title: 'LangSmith',
  exceptionsAreFailures: true,
  detect: { scopes: ['langsmith'], prefixes: ['langsmith.'] },
  // LangSmith's wrappers add the cache to what Anthropic counts.
  cacheReporting: () => 'inclusive',
  reasoningReporting: () => 'inclusive',
  content: {
    headers: ['langsmith.request.headers*'],
    parameters: ['ls_invocation_params', 'invocation_params', 'ls_stop'],
  },
  fields: {
    kind: [attribute('langsmith.span.kind', kindOfRun)],
    operation: [attribute('langsmith.span.kind', toText)],

    requestModel: [attribute('langsmith.metadata.ls_model_name', toText)],
    provider: [attribute('langsmith.metadata.ls_provider', toText)],

    toolDefinitions: [own(inside('gen_ai.prompt', 'tools', readToolDefinitions))],
    embeddingInput: [own(structured('gen_ai.prompt', embeddedTexts))],
    inputState: [own(structured('gen_ai.prompt', toContent))],
    outputState: [own(structured('gen_ai.completion', toContent))],

    parameters: [
      own(requestParameters('gen_ai.prompt')),
      attribute('langsmith.metadata.ls_temperature', (value) => numberAs('temperature', value)),
      attribute('langsmith.metadata.ls_max_tokens', (value) => numberAs('max_tokens', value)),
    ],
    streaming: [
      attribute('langsmith.request.streaming', toBoolean),
      own(inside('gen_ai.prompt', 'stream', toBoolean)),
    ],

    inputTokens: [inside(USAGE, 'input_tokens', toCount)],
    outputTokens: [inside(USAGE, 'output_tokens', toCount)],
    totalTokens: [inside(USAGE, 'total_tokens', toCount)],
    cacheReadTokens: [
      inside(INPUT_DETAILS, 'cache_read', toCount),
      inside(USAGE, 'input_token_details/cache_read', toCount),
    ],
    cacheWriteTokens: [
      structured(INPUT_DETAILS, cacheWrite),
      inside(USAGE, 'input_token_details', cacheWrite),
    ],
    cacheWrite5mTokens: [inside(INPUT_DETAILS, 'ephemeral_5m_input_tokens', toPositiveCount)],
    cacheWrite1hTokens: [
      inside(INPUT_DETAILS, ['ephemeral_1h_input_tokens', 'ephemeral_1hr_input_tokens'], toPositiveCount),
    ],
    reasoningTokens: [
      inside(OUTPUT_DETAILS, 'reasoning', toCount),
      inside(USAGE, 'output_token_details/reasoning', toCount),
    ],
    audioInputTokens: [inside(INPUT_DETAILS, 'audio', toCount)],
    audioOutputTokens: [inside(OUTPUT_DETAILS, 'audio', toCount)],

    totalCostUsd: [inside(USAGE, 'total_cost', toNumber)],
    inputCostUsd: [inside(USAGE, 'input_cost', toNumber)],
    outputCostUsd: [inside(USAGE, 'output_cost', toNumber)],

    user: USER_KEYS.map((key) => attribute(`langsmith.metadata.${key}`, toText)),
    sessionId: SESSION_KEYS.map((key) => attribute(`langsmith.metadata.${key}`, toText)),
    tags: [attribute('langsmith.span.tags', toTextList)],
    metadata: [metadataBelow('langsmith.metadata.', NOT_METADATA)],
    agentName: [attribute('langsmith.metadata.lc_agent_name', toText)],
    promptName: [attribute('langsmith.metadata.lc_hub_repo', toText)],
    promptVersion: [attribute('langsmith.metadata.lc_hub_commit_hash', toText)],
  },
};

function embeddedTexts(request: unknown, { span }: ReadContext): string | readonly string[] | undefined {
  if (kindOfRun(span.attributes['langsmith.span.kind']) !== 'embedding') return undefined;
  return isRecord(request) ? toTexts(request.input ?? request.texts ?? request.text) : toTexts(request);
}

/** Anthropic's writes come split by lifetime, without their sum. */
function cacheWrite(details: unknown): number | undefined {
  if (!isRecord(details)) return undefined;
  const sum = toCount(details.cache_creation);
  if (sum !== undefined) return toPositiveCount(sum);
  const short = toCount(details.ephemeral_5m_input_tokens);
  const long = toCount(details.ephemeral_1h_input_tokens ?? details.ephemeral_1hr_input_tokens);
  // Zeros of both lifetimes stand there whether the provider said so or not.
  return toPositiveCount((short ?? 0) + (long ?? 0));
}

function numberAs(name: string, value: unknown): Readonly<Record<string, unknown>> | undefined {
  const number = toNumber(value);
  return number === undefined ? undefined : { [name]: number };
}
