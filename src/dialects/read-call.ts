import { toCost } from '../call/cost.ts';
import { foldFinishReason } from '../call/finish-reason.ts';
import { type CallKind, isModelCall, type LlmCall, type TraceMetadata } from '../call/llm-call.ts';
import type { Message } from '../call/messages.ts';
import { foldProvider } from '../call/provider.ts';
import { decideCacheReporting, decideReasoningReporting, type Reporting, type Usage } from '../call/usage.ts';
import type { SpanView } from '../span/span-view.ts';
import { decideKind } from './decide-kind.ts';
import { type FieldReader, type ReadObserver, readFields } from './field-reader.ts';
import { registryIndex } from './registry.ts';
import type { RegistryIndex } from './registry-index.ts';

/** What a span turned out to be. */
export type ReadResult =
  | { readonly type: 'call'; readonly call: LlmCall; readonly because: string }
  /** Not an AI operation (HTTP, database, …) or a record that only repeats another. */
  | { readonly type: 'foreign'; readonly because: string };

export interface ReadOptions {
  /** Names of span attributes to keep as they are; a trailing `*` takes a whole namespace. */
  readonly includeAttributes?: readonly string[];
  readonly observer?: ReadObserver;
  readonly index?: RegistryIndex;
}

/** Span to call. Pure: the same span gives the same call, and no input makes it throw. */
export function readCall(span: SpanView, options: ReadOptions = {}): ReadResult {
  const reader = readFields(span, options.index ?? registryIndex, options.observer);
  if (!reader) return { type: 'foreign', because: 'no dialect knows its scope or any of its attributes' };
  const { kind, because, isInferred } = decideKind(reader);
  if (kind === 'ignore') return { type: 'foreign', because };
  const call = buildCall(span, reader, kind, options);
  return { type: 'call', call: isInferred ? { ...call, kindIsInferred: true } : call, because };
}

function buildCall(span: SpanView, reader: FieldReader, kind: CallKind, options: ReadOptions): LlmCall {
  const dialect = reader.dialects[0];
  const requestedModel = reader.get('requestModel');
  const model = reader.get('responseModel') ?? requestedModel;
  const provider = foldProvider(reader.get('provider'), requestedModel ?? model);
  const finishReason = reader.get('finishReason') ?? lastFinishReason(reader);
  return {
    kind,
    dialect: dialect?.id ?? 'unknown',
    framework: reader.dialects.find(({ framework }) => framework !== undefined)?.framework,
    operation: reader.get('operation'),

    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    isLocalRoot: span.parentSpanId === undefined || span.parentIsRemote,
    spanName: span.name,
    startTimeMs: span.startTimeMs,
    endTimeMs: span.endTimeMs,
    scope: span.scope,

    model,
    requestedModel,
    provider,
    baseUrl: hostAndPort(reader) ?? reader.get('baseUrl'),
    responseId: reader.get('responseId'),

    ...readContent(reader, kind),
    tools: reader.get('toolDefinitions'),

    parameters: reader.get('parameters'),
    streaming: reader.get('streaming'),
    finishReason: finishReason === undefined ? undefined : foldFinishReason(finishReason),
    timeToFirstTokenSeconds: reader.get('timeToFirstTokenSeconds'),
    ...(isModelCall(kind) ? readNumbers(reader) : {}),

    ...readError(reader),

    toolName: reader.get('toolName'),
    agentName: reader.get('agentName'),
    workflowName: reader.get('workflowName'),
    promptName: reader.get('promptName'),
    promptVersion: reader.get('promptVersion'),

    trace: readTrace(reader),
    privacyRequested: reader.get('privacyRequested') === true,
    service: readService(span),
    extraAttributes: pickAttributes(span, options.includeAttributes),
  };
}

/** Model calls have messages or texts; everything else has a state before and after. */
function readContent(
  reader: FieldReader,
  kind: CallKind,
): Pick<LlmCall, 'input' | 'output' | 'embeddingInput' | 'inputState' | 'outputState'> {
  if (kind === 'embedding') {
    return { embeddingInput: reader.get('embeddingInput') ?? textsOf(reader.get('inputMessages')) };
  }
  if (kind === 'generation') {
    return { input: withSystem(reader), output: reader.get('outputMessages') };
  }
  const inputState = reader.get('inputState');
  const outputState = reader.get('outputState');
  return {
    inputState,
    outputState,
    ...(inputState === undefined ? { input: withSystem(reader) } : {}),
    ...(outputState === undefined ? { output: reader.get('outputMessages') } : {}),
  };
}

/** System instructions that stand apart come first, once. */
function withSystem(reader: FieldReader): readonly Message[] | undefined {
  const input = reader.get('inputMessages');
  const system = reader.get('systemInstructions');
  if (!system) return input;
  const first = input?.[0];
  if (first && (first.role === 'system' || first.role === 'developer') && textOf(first) === textOf(system))
    return input;
  return [system, ...(input ?? [])];
}

function readNumbers(reader: FieldReader): Pick<LlmCall, 'usage' | 'cost'> {
  const inputTokens = sum(reader.get('inputTokens'), reader.get('extraInputTokens'));
  const outputTokens = sum(reader.get('outputTokens'), reader.get('extraOutputTokens'));
  const cacheReadTokens = reader.get('cacheReadTokens');
  const cacheWriteTokens = reader.get('cacheWriteTokens');
  const totalTokens = reader.get('totalTokens');
  const reasoningTokens = reader.get('reasoningTokens');
  const usage: Usage = {
    inputTokens,
    outputTokens,
    totalTokens,
    cacheReadTokens,
    cacheWriteTokens,
    ...cacheWriteSplit(reader, cacheWriteTokens),
    reasoningTokens,
    textInputTokens: reader.get('textInputTokens'),
    textOutputTokens: reader.get('textOutputTokens'),
    audioInputTokens: reader.get('audioInputTokens'),
    audioOutputTokens: reader.get('audioOutputTokens'),
    imageInputTokens: reader.get('imageInputTokens'),
    imageOutputTokens: reader.get('imageOutputTokens'),
    cacheReadAudioTokens: reader.get('cacheReadAudioTokens'),
    cacheReporting: decideCacheReporting({
      inputTokens,
      outputTokens,
      totalTokens,
      cacheReadTokens,
      cacheWriteTokens,
      uncachedInputTokens: reader.get('uncachedInputTokens'),
      knownReporting: knownBy(reader, 'cacheReporting'),
    }),
    reasoningReporting: decideReasoningReporting({
      inputTokens,
      outputTokens,
      totalTokens,
      reasoningTokens,
      knownReporting: knownBy(reader, 'reasoningReporting'),
    }),
  };
  return {
    usage: Object.values(usage).some((count) => count !== undefined) ? usage : undefined,
    cost: toCost({
      inputUsd: reader.get('inputCostUsd'),
      outputUsd: reader.get('outputCostUsd'),
      totalUsd: reader.get('totalCostUsd'),
    }),
  };
}

/** The first dialect of the span that knows how its emitter counts. */
function knownBy(reader: FieldReader, rule: 'cacheReporting' | 'reasoningReporting'): Reporting | undefined {
  for (const dialect of reader.dialects) {
    const reporting = dialect[rule]?.(reader);
    if (reporting !== undefined) return reporting;
  }
  return undefined;
}

/** The lifetime split replaces the total on PostHog's bill, so it is kept only when it adds up to it. */
function cacheWriteSplit(reader: FieldReader, total: number | undefined): Partial<Usage> {
  const fiveMinutes = reader.get('cacheWrite5mTokens');
  const oneHour = reader.get('cacheWrite1hTokens');
  if (fiveMinutes === undefined || oneHour === undefined || fiveMinutes + oneHour !== total) return {};
  return { cacheWrite5mTokens: fiveMinutes, cacheWrite1hTokens: oneHour };
}

function readError(reader: FieldReader): Pick<LlmCall, 'error' | 'httpStatus'> {
  const httpStatus = reader.get('httpStatus');
  const type = reader.get('errorType');
  if (reader.get('isError') !== true && type === undefined) return { httpStatus };
  return { error: { type, message: reader.get('errorMessage') }, httpStatus };
}

function readTrace(reader: FieldReader): TraceMetadata {
  return {
    traceId: reader.get('traceId'),
    traceName: reader.get('traceName'),
    generationName: reader.get('generationName'),
    parentSpanId: reader.get('parentSpanId'),
    user: reader.get('user'),
    sessionId: reader.get('sessionId'),
    webSessionId: reader.get('webSessionId'),
    groups: reader.get('groups'),
    tags: reader.get('tags'),
    metadata: reader.get('metadata'),
  };
}

const SERVICE_ATTRIBUTES: readonly (readonly [attribute: string, property: string])[] = [
  ['service.name', 'service.name'],
  ['service.version', 'service.version'],
  ['deployment.environment.name', 'deployment.environment.name'],
  ['deployment.environment', 'deployment.environment.name'],
];

function readService(span: SpanView): Readonly<Record<string, string>> {
  const service: Record<string, string> = {};
  for (const [attribute, property] of SERVICE_ATTRIBUTES) {
    const value = span.resource[attribute];
    if (typeof value !== 'string' || value === '' || service[property] !== undefined) continue;
    // What SDKs write when nobody named the service; the rest of it is the path of the executable.
    if (!value.startsWith('unknown_service')) service[property] = value;
  }
  return service;
}

function pickAttributes(
  span: SpanView,
  wanted: readonly string[] | undefined,
): Readonly<Record<string, unknown>> | undefined {
  if (!wanted || wanted.length === 0) return undefined;
  const picked = Object.entries(span.attributes).filter(([key]) =>
    wanted.some((name) => (name.endsWith('*') ? key.startsWith(name.slice(0, -1)) : key === name)),
  );
  return picked.length > 0 ? Object.fromEntries(picked) : undefined;
}

function hostAndPort(reader: FieldReader): string | undefined {
  const host = reader.get('serverAddress');
  const port = reader.get('serverPort');
  if (host === undefined || port === undefined || host.includes('://')) return host;
  return port === 443 || port === 80 ? host : `${host}:${port}`;
}

function lastFinishReason(reader: FieldReader): string | undefined {
  return reader.get('outputMessages')?.findLast(({ finishReason }) => finishReason)?.finishReason;
}

function textsOf(list: readonly Message[] | undefined): string | readonly string[] | undefined {
  const texts = list?.map(textOf).filter((text) => text !== '');
  return texts && texts.length > 1 ? texts : texts?.[0];
}

function textOf(message: Message): string {
  return message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

function sum(count: number | undefined, extra: number | undefined): number | undefined {
  return count === undefined || extra === undefined ? count : count + extra;
}
