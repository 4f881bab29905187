import type { Exchange } from '../recordings.ts';
import { readMessages } from './anthropic.ts';
import { readCohere, readConverse, readTextInvoke } from './bedrock-cohere.ts';
import { readGemini, readGeminiEmbedding } from './gemini.ts';
import { type Json, json, parse } from './json.ts';
import { readChat, readEmbeddings, readImages, readResponses } from './openai.ts';
import {
  assembleChat,
  assembleConverse,
  assembleMessage,
  readEventStream,
  readLines,
  readSse,
} from './streams.ts';
import { NO_USAGE, type TruthCall } from './truth-call.ts';

type Facts = Omit<
  TruthCall,
  'kind' | 'providers' | 'isStream' | 'status' | 'isFailed' | 'errorMessage' | 'requestText' | 'answer'
>;

/** Values of `$ai_provider` by the first part of the path. */
const PROVIDERS: Readonly<Record<string, readonly string[]>> = {
  openai: ['openai'],
  anthropic: ['anthropic'],
  google: ['gemini'],
  bedrock: ['aws-bedrock'],
  openrouter: ['openrouter'],
  cohere: ['cohere'],
  together: ['together'],
  azure: ['azure', 'openai'],
  vertex: ['vertex'],
  groq: ['groq'],
  mistral: ['mistral'],
};

/** The exchange in the one form. Knows the providers' APIs only, nothing of spans or events. */
export function readExchange(exchange: Exchange): TruthCall {
  const { path, status } = exchange;
  const request = json(exchange.request);
  const { facts, kind, body } = readFacts(exchange, request);
  const error = body.at('error');
  const isStream = request.at('stream').value === true || /stream/i.test(path);
  return {
    kind,
    providers: [...(PROVIDERS[path.split('/')[1] ?? ''] ?? []), ...ownerOf(path, facts.requestedModel)],
    isStream,
    status,
    isFailed: status >= 400 || error.value !== undefined,
    errorMessage: error.at('message').text ?? (status >= 400 ? body.at('message').text : undefined),
    requestText: JSON.stringify(exchange.request),
    answer: body.value,
    ...facts,
  };
}

/** Behind a router, the vendor before the slash of the model, and the vendor whose client was used, are right as well. */
function ownerOf(path: string, model: string | undefined): string[] {
  return path.startsWith('/openrouter/') ? ['openai', model?.split('/')[0] ?? ''] : [];
}

function readFacts(
  { path, contentType, response }: Exchange,
  request: Json,
): { facts: Facts; kind: TruthCall['kind']; body: Json } {
  const text = typeof response === 'string' ? response : '';
  const isSse = contentType === 'sse';
  const generation = (facts: Facts, body: Json) => ({ facts, kind: 'generation' as const, body });

  if (/\/chat\/completions$|\/v1\/completions$/.test(path)) {
    const body = isSse ? json(assembleChat(readSse(text))) : json(response);
    return generation(readChat(request, body), body);
  }
  if (path.endsWith('/responses')) {
    const body = isSse ? lastResponse(readSse(text)) : json(response);
    return generation(readResponses(request, body), body);
  }
  if (path.endsWith('/images/generations')) {
    return generation(readImages(request, json(response)), json(response));
  }
  if (path.endsWith('/embeddings')) {
    return { facts: readEmbeddings(request, json(response)), kind: 'embedding', body: json(response) };
  }
  if (path.endsWith('/v1/messages')) {
    const body = isSse ? json(assembleMessage(readSse(text))) : json(response);
    return generation(readMessages(request, body), body);
  }
  if (path.startsWith('/cohere/') && path.endsWith('/chat')) {
    const body =
      contentType === 'text' ? (readLines(text).at(-1)?.at('response') ?? json({})) : json(response);
    return generation(readCohere(request, body), body);
  }
  const gemini = /\/models\/([^:]+):(\w+)/.exec(path);
  if (/^\/(?:google|vertex)\//.test(path) && gemini) {
    const [, model = '', operation = ''] = gemini;
    const body = json(response);
    if (/embed/i.test(operation))
      return { facts: readGeminiEmbedding(request, model), kind: 'embedding', body };
    return generation(readGemini(request, isSse ? readSse(text) : [body], model), body);
  }
  const bedrock = /\/model\/([^/]+)\/([\w-]+)/.exec(path);
  if (bedrock) return readBedrock(decodeURIComponent(bedrock[1] ?? ''), contentType, request, response, text);
  return { facts: NO_FACTS, kind: 'none', body: json(response) };
}

function readBedrock(
  model: string,
  contentType: Exchange['contentType'],
  request: Json,
  response: unknown,
  text: string,
): { facts: Facts; kind: TruthCall['kind']; body: Json } {
  const isClaudeInvoke = request.at('anthropic_version').value !== undefined;
  let body = json(response);
  if (contentType === 'base64') {
    const messages = readEventStream(text);
    body = json(
      isClaudeInvoke
        ? assembleMessage(messages.map(({ payload }) => decodeChunk(payload)))
        : assembleConverse(messages),
    );
  }
  const isConverse = request.at('messages').value !== undefined;
  const facts = isClaudeInvoke
    ? { ...readMessages(request, body), requestedModel: model }
    : isConverse
      ? readConverse(request, body, model)
      : readTextInvoke(request, body, model);
  return { facts, kind: 'generation', body };
}

function decodeChunk(payload: Json): Json {
  return json(parse(Buffer.from(payload.at('bytes').text ?? '', 'base64').toString('utf8')));
}

/** The last event of a Responses stream that holds the whole response, or the error it ended with. */
function lastResponse(events: readonly Json[]): Json {
  const whole = events.findLast((event) => event.at('response', 'status').value !== undefined);
  const error = events.find((event) => event.at('type').text === 'error');
  const response = whole?.at('response').value ?? {};
  return json(error ? { ...(response as object), error: error.value } : response);
}

const NO_FACTS: Facts = {
  requestedModel: undefined,
  responseModel: undefined,
  responseId: undefined,
  input: [],
  output: [],
  toolNames: [],
  usage: NO_USAGE,
  finishReasons: [],
  costUsd: undefined,
};
