import { objectOf } from '../../json/object-of.ts';
import { type CallKind, isModelCall, type LlmCall } from '../call/llm-call.ts';
import type { TextForm } from '../call/messages.ts';
import { foldParameterNames } from '../call/parameter-names.ts';
import { foldProvider, withoutVendor } from '../call/provider.ts';
import type { SpanFacts } from '../call/span-facts.ts';
import { countWebSearches } from '../call/web-searches.ts';
import { apiKeyNameOf } from '../span/api-key-name.ts';
import { matchesAnyName } from '../span/name-pattern.ts';
import type { SpanView } from '../span/span-view.ts';
import { decideKind } from './decide-kind.ts';
import { type FieldReader, type ReadObserver, readFields } from './field-reader.ts';
import { readContent } from './read-content.ts';
import { factsOfReader, readFacts } from './read-facts.ts';
import { readInnerCall } from './read-inner-call.ts';
import { readNumbers } from './read-numbers.ts';
import { readOutcome } from './read-outcome.ts';
import { firstTokenSeconds, startOf } from './read-times.ts';
import { ownProperties, readTrace } from './read-trace.ts';
import type { RegistryIndex } from './registry-index.ts';
import { registryIndex } from './registry-index.ts';
import { serviceOf } from './service-of.ts';

/** What a span turned out to be. */
export type ReadResult =
  | { readonly type: 'call'; readonly call: LlmCall; readonly because: string }
  /** Not an AI operation (HTTP, database, …) or a record that only repeats another. */
  | { readonly type: 'foreign'; readonly because: string; readonly facts?: SpanFacts | undefined };

export interface ReadOptions {
  /** Names of span attributes to keep as they are; a trailing `*` takes a whole namespace. */
  readonly includeAttributes?: readonly string[];
  readonly observer?: ReadObserver;
  /** `recorded` spares decoding what is only passed on. Default: `decoded`. */
  readonly texts?: TextForm;
  readonly index?: RegistryIndex;
}

/** Span to call. Pure: the same span gives the same call, and no input makes it throw. */
export function readCall(span: SpanView, options: ReadOptions = {}): ReadResult {
  const reader = readFields(span, options.index ?? registryIndex(), options.observer, options.texts);
  if (!reader) {
    const because = 'no dialect knows its scope or any of its attributes';
    return { type: 'foreign', because, facts: readFacts(span) };
  }
  const { kind, because, isInferred } = decideKind(reader);
  if (kind === 'ignore') return { type: 'foreign', because, facts: factsOfReader(reader) };
  const call = buildCall(span, reader, kind, options);
  // A copy, as `retained` says; made here, since a bundler leaves out that of an object which goes nowhere else.
  return { type: 'call', call: isInferred ? { ...call, kindIsInferred: true } : { ...call }, because };
}

/** Kinds of spans that models are called below. */
const MAKES_CALLS: ReadonlySet<CallKind> = new Set(['agent', 'workflow', 'chain', 'step', 'span']);

function buildCall(span: SpanView, reader: FieldReader, kind: CallKind, options: ReadOptions): LlmCall {
  const requestedModel = reader.get('requestModel');
  const recordedModel = reader.get('responseModel') ?? requestedModel;
  const baseUrl = hostAndPort(reader) ?? reader.get('baseUrl');
  const provider = foldProvider(reader.get('provider'), requestedModel ?? recordedModel);
  const model = modelName(recordedModel, provider, reader);
  const { input, readInput, output, embeddingInput, inputState, outputState } = readContent(reader, kind);
  const { usage, cost } = isModelCall(kind) ? readNumbers(reader, kind) : NO_NUMBERS;
  const { finishReason, error, httpStatus } = readOutcome(reader, { kind, output, outputState });
  // Member by member: objects spread into the middle of another take ten times as long.
  return {
    kind,
    dialect: reader.dialects[0]?.id ?? 'unknown',
    framework: frameworkOf(reader),
    frameworkVersion: reader.get('frameworkVersion'),
    operation: reader.get('operation'),

    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    isLocalRoot: span.parentSpanId === undefined || span.parentIsRemote,
    isTraceRoot: span.parentSpanId === undefined,
    isProcessRoot: reader.get('isProcessRoot') === true ? true : undefined,
    spanName: span.name,
    spanKind: span.kind,
    startTimeMs: startOf(span, reader),
    isStreamAnswer: reader.get('isStreamAnswer') === true ? true : undefined,
    isUsageRecord: reader.get('isUsageRecord') === true ? true : undefined,
    isHalfOfCall: reader.get('isHalfOfCall') === true ? true : undefined,
    endTimeMs: span.endTimeMs,
    scope: span.scope,

    model,
    requestedModel,
    provider,
    baseUrl,
    responseId: reader.get('responseId'),

    input,
    readInput,
    output,
    embeddingInput,
    inputState,
    outputState,
    tools: reader.get('toolDefinitions'),
    readInnerCall: MAKES_CALLS.has(kind) ? () => readInnerCall(reader) : undefined,

    parameters: foldParameterNames(reader.get('parameters')),
    streaming: isModelCall(kind) ? reader.get('streaming') : undefined,
    finishReason,
    timeToFirstTokenSeconds: firstTokenSeconds(span, reader),
    usage,
    cost,
    serviceTier: reader.get('serviceTier'),
    webSearchCount: reader.get('webSearchCount') ?? countWebSearches(output),

    error,
    httpStatus,

    apiKeyName: apiKeyNameOf(span.attributes),
    toolName: reader.get('toolName'),
    agentName: reader.get('agentName'),
    workflowName: reader.get('workflowName'),
    promptName: reader.get('promptName'),
    promptVersion: reader.get('promptVersion'),
    promptTemplate: reader.get('promptTemplate'),
    promptVariables: reader.get('promptVariables'),

    trace: readTrace(reader, kind),
    privacyRequested: reader.get('privacyRequested') === true,
    service: serviceOf(span),
    extraAttributes: pickAttributes(span, options.includeAttributes),
    ownProperties: ownProperties(reader),
  };
}

/** The dialect's name of it, else what an attribute says. */
function frameworkOf(reader: FieldReader): string | undefined {
  const named = reader.dialects.find(({ framework }) => framework !== undefined)?.framework;
  return named ?? reader.get('framework');
}

const NO_NUMBERS: ReturnType<typeof readNumbers> = {};

function pickAttributes(
  span: SpanView,
  wanted: readonly string[] | undefined,
): Readonly<Record<string, unknown>> | undefined {
  if (!wanted || wanted.length === 0) return undefined;
  return objectOf(Object.entries(span.attributes).filter(([key]) => matchesAnyName(wanted, key)));
}

function hostAndPort(reader: FieldReader): string | undefined {
  const host = reader.get('serverAddress');
  const port = reader.get('serverPort');
  if (host === undefined || port === undefined || host.includes('://') || host.endsWith(`:${port}`))
    return host;
  return port === 443 || port === 80 ? host : `${host}:${port}`;
}

/**
 * Emitters that write `provider/model` for whatever they call, as LiteLLM does: there the provider is no part of the
 * name. Elsewhere such a name is a router's.
 */
const WRITES_VENDOR = /litellm|langwatch|dspy|crewai|smolagents/;

function modelName(
  name: string | undefined,
  provider: string | undefined,
  reader: FieldReader,
): string | undefined {
  if (name === undefined || !name.includes('/')) return name;
  const isRouterName = !WRITES_VENDOR.test(reader.span.scope.name) && !reader.has('litellm');
  return isRouterName && !name.startsWith('models/') ? name : withoutVendor(name, provider);
}
