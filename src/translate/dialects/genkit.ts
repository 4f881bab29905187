import { objectOf } from '../../json/object-of.ts';
import type { CallKind } from '../call/llm-call.ts';
import { readToolDefinitions } from '../messages/read-tool-definitions.ts';
import { isPlaceholder, isRecord } from '../messages/recorded-json.ts';
import type { Dialect, KindContext, ReadContext } from './dialect.ts';
import { toTexts } from './shared/embeddings.ts';
import { messages } from './shared/message-sources.ts';
import { SESSION_KEYS, USER_KEYS } from './shared/metadata.ts';
import { attribute, inside, metadataBelow, structured } from './shared/sources.ts';
import { oneOf, toContent, toCount, toText } from './shared/values.ts';

/** `genkit:metadata:subtype` of an action. */
const ACTION_KINDS: Readonly<Record<string, CallKind>> = {
  model: 'generation',
  'background-model': 'generation',
  embedder: 'embedding',
  tool: 'tool',
  'tool.v2': 'tool',
  flow: 'workflow',
  agent: 'agent',
  prompt: 'prompt',
  'executable-prompt': 'prompt',
  retriever: 'retriever',
  reranker: 'reranker',
  evaluator: 'evaluator',
};

const kindOfAction = oneOf(ACTION_KINDS);

/** `genkit:type` of spans that are no actions. `util` is the `generate` loop around model and tools. */
const TYPE_KINDS: Readonly<Record<string, CallKind>> = {
  action: 'span',
  flowStep: 'step',
  util: 'chain',
  dotprompt: 'prompt',
  promptTemplate: 'prompt',
};

const kindOfType = oneOf(TYPE_KINDS);

/**
 * Genkit for JavaScript and Go. Model, tokens and finish reason stand inside the JSON of input and output; the wrappers around
 * a model call repeat them. Sources: `@genkit-ai/core`, `@genkit-ai/ai` 1.42.
 */
export const genkit: Dialect = {
  id: 'genkit',
  title: 'Genkit',
  framework: 'genkit',
  detect: { scopes: ['genkit-tracer'], prefixes: ['genkit:'] },
  // Google's API counts thinking apart from the answer, and Genkit hands its counts on.
  reasoningReporting: (context) =>
    pluginOf(context)?.match(/^(?:googleai|vertexai)$/) ? 'exclusive' : undefined,
  fields: {
    kind: [
      attribute(
        'genkit:metadata:subtype',
        // Go writes there what JavaScript has in `genkit:type`.
        (value) => kindOfAction(value) ?? kindOfType(value) ?? (toText(value) ? 'span' : undefined),
      ),
      attribute('genkit:type', kindOfType),
    ],
    operation: [attribute('genkit:metadata:subtype', toText), attribute('genkit:type', toText)],

    responseModel: [
      inside(
        'genkit:output',
        ['raw/model', 'custom/model', 'custom/modelVersion', 'raw/modelVersion'],
        toText,
      ),
    ],
    requestModel: [
      attribute('genkit:name', (name, context) => (isModel(context) ? modelOf(name) : undefined)),
    ],
    provider: [
      attribute('genkit:name', (_name, context) => (isModel(context) ? pluginOf(context) : undefined)),
    ],
    responseId: [
      inside('genkit:output', ['raw/id', 'custom/id', 'custom/responseId', 'raw/responseId'], toText),
    ],

    inputMessages: [messages('genkit:input', 'user')],
    outputMessages: [messages('genkit:output', 'assistant')],
    toolDefinitions: [inside('genkit:input', 'tools', readToolDefinitions)],
    embeddingInput: [structured('genkit:input', embeddedTexts)],
    inputState: [structured('genkit:input', toContent)],
    outputState: [structured('genkit:output', resultOf)],
    toolName: [
      attribute('genkit:name', (name, { span }) =>
        kindOfAction(span.attributes['genkit:metadata:subtype']) === 'tool' ? toText(name) : undefined,
      ),
    ],

    parameters: [inside('genkit:input', 'config', configParameters)],

    inputTokens: [inside('genkit:output', 'usage/inputTokens', toCount)],
    outputTokens: [inside('genkit:output', 'usage/outputTokens', toCount)],
    totalTokens: [inside('genkit:output', 'usage/totalTokens', toCount)],
    cacheReadTokens: [inside('genkit:output', 'usage/cachedContentTokens', toCount)],
    reasoningTokens: [inside('genkit:output', 'usage/thoughtsTokens', toCount)],

    workflowName: [attribute('genkit:metadata:flow:name', toText)],
    promptName: [attribute('genkit:metadata:promptName', toText)],
    user: [inside('genkit:metadata:context', ['auth/uid', ...USER_KEYS], toText)],
    sessionId: [inside('genkit:metadata:context', SESSION_KEYS, toText)],
    metadata: [metadataBelow('genkit:metadata:', ['subtype', 'context', 'promptName', 'flow:name'])],
  },
};

function isModel({ span }: ReadContext): boolean {
  const kind = kindOfAction(span.attributes['genkit:metadata:subtype']);
  return kind === 'generation' || kind === 'embedding';
}

/** `googleai/gemini-2.5-flash`: the plugin, then the model's own name. */
function modelOf(name: unknown): string | undefined {
  const text = toText(name);
  const slash = text?.indexOf('/') ?? -1;
  return slash > 0 ? toText(text?.slice(slash + 1)) : text;
}

function pluginOf({ span }: ReadContext | KindContext): string | undefined {
  const name = toText(span.attributes['genkit:name']);
  const slash = name?.indexOf('/') ?? -1;
  return slash > 0 ? name?.slice(0, slash) : undefined;
}

/** The documents given to an embedder. */
function embeddedTexts(request: unknown, context: ReadContext): string | readonly string[] | undefined {
  if (kindOfAction(context.span.attributes['genkit:metadata:subtype']) !== 'embedding') return undefined;
  if (!isRecord(request)) return toTexts(request);
  const texts = toTexts(request.input);
  return Array.isArray(texts) && texts.length === 1 ? texts[0] : texts;
}

/** Of a generate loop the message is the result; its envelope repeats the request. */
function resultOf(output: unknown, { span }: ReadContext): unknown {
  if (!isRecord(output)) return output;
  if (span.attributes['genkit:metadata:subtype'] === 'tool.v2' && 'output' in output) return output.output;
  return isRecord(output.message) ? output.message : output;
}

const CONFIG_PARAMETERS: readonly (readonly [config: string, parameter: string])[] = [
  ['maxOutputTokens', 'max_tokens'],
  ['topP', 'top_p'],
  ['topK', 'top_k'],
  ['stopSequences', 'stop'],
  ['thinkingConfig', 'thinking'],
  // Go takes the provider's own words.
  ...['temperature', 'max_tokens', 'max_completion_tokens', 'top_p', 'top_k', 'seed', 'thinking'].map(
    (name) => [name, name] as const,
  ),
];

/** Named ones only: a model's configuration may hold an API key. */
function configParameters(config: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isRecord(config)) return undefined;
  const given = CONFIG_PARAMETERS.filter(([name]) => !isPlaceholder(config[name]));
  return objectOf(given.map(([name, known]) => [known, config[name]]));
}
