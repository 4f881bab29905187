import { objectOf } from '../../../json/object-of.ts';
import { at, isPlaceholder, isRecord } from '../../messages/recorded-json.ts';
import type {
  AttributeEntries,
  AttributeSource,
  EventsSource,
  PrefixSource,
  ReadContext,
  ResourceSource,
  SpanSource,
} from '../dialect.ts';
import type { GenAiName } from '../gen-ai-names.ts';
import { metadataReader, structuredText } from './metadata.ts';
import { toNumber } from './values.ts';

type Read<T, V = unknown> = (value: V, context: ReadContext) => T | undefined;

/** A name of the GenAI conventions, which an editor can complete, or any name of an emitter's own. */
type AttributeName = GenAiName | (string & {});

/** One attribute. */
export function attribute<T>(key: AttributeName, read: Read<T>): AttributeSource<T> {
  return { from: 'attribute', key, read };
}

/** One attribute whose name is too common to be read on spans of other dialects. */
export function ownAttribute<T>(key: string, read: Read<T>): AttributeSource<T> {
  return { from: 'attribute', key, read, onlyOwnSpans: true };
}

/**
 * A value inside an attribute that holds JSON. Text in which none of the names stands is not parsed for it: most are raw
 * bodies, which are parsed for what only few emitters write there.
 * @param paths keys from the outside in, separated by `/`; the first path that leads to something usable counts
 */
export function inside<T>(key: string, paths: string | readonly string[], read: Read<T>): AttributeSource<T> {
  const split = (typeof paths === 'string' ? [paths] : paths).map((path) => path.split('/'));
  return {
    from: 'attribute',
    key,
    read: (value, context) => {
      if (typeof value === 'string' && !split.some(([first = '']) => value.includes(first))) return undefined;
      const structured = context.json(key);
      for (const path of split) {
        const found = at(structured, path);
        if (found === undefined || found === null) continue;
        const usable = read(found, context);
        if (usable !== undefined) return usable;
      }
      return undefined;
    },
  };
}

/** The structured value of an attribute that may hold JSON text. */
export function structured<T>(key: string, read: Read<T>): AttributeSource<T> {
  return { from: 'attribute', key, read: (_value, context) => read(context.json(key), context) };
}

/** All attributes below a prefix. */
export function prefixed<T>(prefix: string, read: Read<T, AttributeEntries>): PrefixSource<T> {
  return { from: 'prefix', prefix, read };
}

export function resource<T>(key: string, read: Read<T>): ResourceSource<T> {
  return { from: 'resource', key, read };
}

export function events<T>(label: string, read: EventsSource<T>['read']): EventsSource<T> {
  return { from: 'events', label, read };
}

/** Seconds from the start of the span to the first event of this name. */
export function secondsToEvent(event: string): EventsSource<number> {
  return events(event, (list, { span }) => {
    const at = list.find(({ name }) => name === event)?.timeMs;
    if (at === undefined || span.startTimeMs === undefined || at < span.startTimeMs) return undefined;
    return (at - span.startTimeMs) / 1000;
  });
}

export function ofSpan<T>(label: string, read: SpanSource<T>['read']): SpanSource<T> {
  return { from: 'span', label, read };
}

/** The same source, believed only when every other source of the fact is silent. */
export function lastResort<S extends { readonly lastResort?: boolean }>(source: S): S {
  return { ...source, lastResort: true };
}

/** The same source, believed before any other source of the fact. */
export function firstChoice<S extends { readonly firstChoice?: boolean }>(source: S): S {
  return { ...source, firstChoice: true };
}

/** The same source, of a namespace in which little is content. */
export function mixed<T>(source: PrefixSource<T>): PrefixSource<T> {
  return { ...source, isMixed: true };
}

/** The same source, read only on the dialect's own spans. */
export function own<S extends { readonly onlyOwnSpans?: boolean }>(source: S): S {
  return { ...source, onlyOwnSpans: true };
}

/**
 * A request parameter under its common name. Some emitters (Micrometer, Mastra) write numbers as text and lists as JSON
 * text; they become what they are.
 */
export function parameter(key: string, name: string): AttributeSource<Readonly<Record<string, unknown>>> {
  const isNumber = NUMBERS.has(name);
  return attribute(key, (value) => {
    if (isUnset(value)) return undefined;
    // Not by `{ [name]: … }`, which takes the engine three times as long.
    const parameters: Record<string, unknown> = {};
    parameters[name] = (isNumber ? toNumber(value) : undefined) ?? structuredText(value);
    return parameters;
  });
}

/** What emitters write for a parameter that was not set; no parameter of a model is -1. */
const UNSET: ReadonlySet<unknown> = new Set(['Not set', 'not set', 'None', 'NotGiven', 'Infinity', '-1', -1]);

function isUnset(value: unknown): boolean {
  return UNSET.has(value) || isPlaceholder(value);
}

const NUMBERS: ReadonlySet<string> = new Set([
  ...['temperature', 'max_tokens', 'top_p', 'top_k', 'frequency_penalty', 'presence_penalty', 'seed', 'n'],
  'dimensions',
]);

/** Request parameters in one JSON object, without the content and tools that some emitters put beside them. */
export function parameterBundle(key: string): AttributeSource<Readonly<Record<string, unknown>>> {
  return structured(key, (value) => {
    if (!isRecord(value)) return undefined;
    const entries = Object.entries(value).flatMap((entry) =>
      GROUPS.has(entry[0]) ? within(entry) : [entry],
    );
    return objectOf(entries.filter(([name, held]) => !NOT_PARAMETERS.has(name) && !isUnset(held)));
  });
}

/** Ollama's and Bedrock's parameters stand one level deeper. */
const GROUPS: ReadonlySet<string> = new Set(['options', 'textGenerationConfig', 'inferenceConfig']);

function within([name, group]: [string, unknown]): [string, unknown][] {
  return isRecord(group) ? Object.entries(group) : [[name, group]];
}

/** The parameters within a recorded request body, which is content for the rest. */
export function requestParameters(
  key: string,
  path: readonly string[] = [],
): AttributeSource<Readonly<Record<string, unknown>>> {
  return {
    from: 'attribute',
    key,
    read: (_value, context) => {
      const request = at(context.json(key), path);
      if (!isRecord(request)) return undefined;
      const given = REQUEST_PARAMETERS.filter((name) => !isUnset(request[name]));
      return objectOf(given.map((name) => [name, request[name]]));
    },
  };
}

/** Settings that every provider of chat models has, by its own name or one of these. */
export const SAMPLING_PARAMETERS: readonly string[] = [
  'temperature',
  'top_p',
  'top_k',
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
  'n',
  'seed',
];

const REQUEST_PARAMETERS: readonly string[] = [
  ...SAMPLING_PARAMETERS,
  ...[
    'frequency_penalty',
    'presence_penalty',
    'stop',
    'stop_sequences',
    'stream',
    'dimensions',
    'encoding_format',
  ],
  ...['reasoning_effort', 'reasoning', 'thinking', 'tool_choice', 'parallel_tool_calls', 'service_tier'],
];

const NOT_PARAMETERS: ReadonlySet<string> = new Set([
  ...['messages', 'message', 'input', 'inputText', 'prompt', 'contents', 'content', 'suffix', 'prediction'],
  ...['system', 'systemInstruction', 'system_instruction', 'instructions', 'preamble'],
  ...['chat_history', 'chatHistory', 'documents'],
  ...['tools', 'functions', 'toolConfig', 'tool_config', 'model'],
  ...['extra_headers', 'headers', 'api_key', 'apiKey'],
  // Settings of clients and frameworks (LlamaIndex, LangChain, LiteLLM, Instructor, ADK, Bedrock's agents), and whose call it is.
  ...['context_window', 'is_chat_model', 'is_function_calling_model', 'system_role', 'num_output'],
  ...['model_name', '_type', 'streaming', 'http_options', 'api_base', 'base_url', 'timeout'],
  ...['num_retries', 'max_retries', 'maxRetries', 'user', 'metadata', 'sessionId'],
  ...['agentId', 'agentAliasId', 'agent_id', 'enableTrace', 'retrieveAndGenerateConfiguration'],
  // What OpenRouter takes beside the parameters: read as trace metadata.
  ...['trace', 'session_id'],
  // OpenInference for OpenAI Agents writes what the answer repeats of the request, with the answer's own fields.
  ...[
    'id',
    'object',
    'created',
    'created_at',
    'completed_at',
    'status',
    'output',
    'usage',
    'error',
    'incomplete_details',
  ],
]);

/**
 * Attributes below a prefix as one object of metadata, without the keys that are read as user, session or PostHog facts.
 * @param leftOut keys, or beginnings of keys ending in `*`, that hold content, headers or internals
 */
export function metadataBelow(
  prefix: string,
  leftOut?: readonly string[],
): PrefixSource<Readonly<Record<string, unknown>>> {
  return prefixed(prefix, metadataReader(leftOut));
}

/** A JSON object as metadata, likewise. */
export function metadataIn(
  key: string,
  leftOut?: readonly string[],
): AttributeSource<Readonly<Record<string, unknown>>> {
  const read = metadataReader(leftOut);
  return structured(key, (value) => (isRecord(value) ? read(Object.entries(value)) : undefined));
}
