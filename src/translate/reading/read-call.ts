import {
  ATTR_DEPLOYMENT_ENVIRONMENT_NAME,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';
import { factsInMetadata, withoutFacts } from '../call/identity-in-metadata.ts';
import { type CallKind, isModelCall, type LlmCall, type TraceMetadata } from '../call/llm-call.ts';
import { foldParameterNames } from '../call/parameter-names.ts';
import { foldProvider, withoutVendor } from '../call/provider.ts';
import type { SpanFacts } from '../call/span-facts.ts';
import { countWebSearches } from '../call/web-searches.ts';
import type { TextForm } from '../dialects/dialect.ts';
import { apiKeyNameOf } from '../span/api-key-name.ts';
import { matchesAnyName } from '../span/name-pattern.ts';
import type { AttributeMap, SpanView } from '../span/span-view.ts';
import { decideKind } from './decide-kind.ts';
import { type FieldReader, type ReadObserver, readFields } from './field-reader.ts';
import { readContent } from './read-content.ts';
import { factsOfReader, readFacts } from './read-facts.ts';
import { readInnerCall } from './read-inner-call.ts';
import { readNumbers } from './read-numbers.ts';
import { readOutcome } from './read-outcome.ts';
import { firstTokenSeconds, startOf } from './read-times.ts';
import type { RegistryIndex } from './registry-index.ts';
import { registryIndex } from './registry-index.ts';

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
  const reader = readFields(span, options.index ?? registryIndex, options.observer, options.texts);
  if (!reader) {
    const because = 'no dialect knows its scope or any of its attributes';
    return { type: 'foreign', because, facts: readFacts(span) };
  }
  const { kind, because, isInferred } = decideKind(reader);
  if (kind === 'ignore') return { type: 'foreign', because, facts: factsOfReader(reader) };
  const call = buildCall(span, reader, kind, options);
  // A copy, to be kept (see `retained`); made here, since a bundler leaves out that of an object which goes nowhere else.
  return { type: 'call', call: isInferred ? { ...call, kindIsInferred: true } : { ...call }, because };
}

/** Kinds of spans that models are called below. */
const MAKES_CALLS: ReadonlySet<CallKind> = new Set(['agent', 'workflow', 'chain', 'step', 'span']);

function buildCall(span: SpanView, reader: FieldReader, kind: CallKind, options: ReadOptions): LlmCall {
  const dialect = reader.dialects[0];
  const requestedModel = reader.get('requestModel');
  const recordedModel = reader.get('responseModel') ?? requestedModel;
  const baseUrl = hostAndPort(reader) ?? reader.get('baseUrl');
  const provider = foldProvider(reader.get('provider'), requestedModel ?? recordedModel);
  const model = modelName(recordedModel, provider, reader);
  const { input, readInput, output, embeddingInput, inputState, outputState } = readContent(reader, kind);
  const { usage, cost } = isModelCall(kind) ? readNumbers(reader, kind) : NO_NUMBERS;
  const { finishReason, error, httpStatus } = readOutcome(reader, output);
  // Member by member: objects spread into the middle of another take ten times as long.
  return {
    kind,
    dialect: dialect?.id ?? 'unknown',
    framework: frameworkOf(reader),
    frameworkVersion: reader.get('frameworkVersion'),
    operation: reader.get('operation'),

    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    isLocalRoot: span.parentSpanId === undefined || span.parentIsRemote,
    isTraceRoot: span.parentSpanId === undefined,
    spanName: span.name,
    spanKind: span.kind,
    startTimeMs: startOf(span, reader),
    isStreamAnswer: reader.get('isStreamAnswer') === true ? true : undefined,
    isUsageRecord: reader.get('isUsageRecord') === true ? true : undefined,
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
    streaming: reader.get('streaming'),
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

function readTrace(reader: FieldReader, kind: CallKind): TraceMetadata {
  const { traceScope } = reader.span;
  const free = reader.get('metadata');
  const { own, usual } = factsInMetadata(free);
  // Said of a stretch of code, it names the model calls there, not the tools and agents around them.
  const scopeName = isModelCall(kind) ? traceScope?.generationName : undefined;
  const metadata: TraceMetadata = {
    traceId: reader.get('traceId'),
    traceName: reader.get('traceName') ?? usual.traceName,
    generationName: scopeName ?? own.generationName ?? reader.get('generationName') ?? usual.generationName,
    parentSpanId: reader.get('parentSpanId'),
    scopeParentSpanId: traceScope?.parentSpanId,
    user: traceScope?.user ?? own.user ?? reader.get('user') ?? usual.user,
    sessionId: traceScope?.sessionId ?? own.sessionId ?? reader.get('sessionId') ?? usual.sessionId,
    ofResource: ofResource(reader),
    webSessionId: reader.get('webSessionId') ?? own.webSessionId,
    groups: reader.get('groups') ?? own.groups,
    tags: reader.get('tags') ?? usual.tags,
    metadata: undefined,
    instrumentationMetadata: reader.instrumentationMetadata,
  };
  return { ...metadata, metadata: withoutFacts(free, metadata) }; // to be kept, see `retained`
}

/** `$ai_…` properties that the application sets, the nearest last: on the resource, in metadata, on the span. */
function ownProperties(reader: FieldReader): LlmCall['ownProperties'] {
  const layers = [
    ofResourceOwn(reader.span),
    factsInMetadata(reader.get('metadata')).ownProperties,
    reader.get('ownProperties'),
  ].filter((layer) => layer !== undefined);
  return layers.length > 0 ? Object.assign({}, ...layers) : undefined;
}

/** By attributes of a resource, which all spans of a provider share. */
const ownOfResources = new WeakMap<AttributeMap, Readonly<Record<string, unknown>> | typeof NO_OWN>();
const NO_OWN = Symbol('none');

function ofResourceOwn({ resource }: SpanView): Readonly<Record<string, unknown>> | undefined {
  let own = ownOfResources.get(resource);
  if (own === undefined) {
    const entries = Object.entries(resource).filter(([key]) => key.startsWith('$ai_'));
    own = entries.length > 0 ? Object.fromEntries(entries) : NO_OWN;
    ownOfResources.set(resource, own);
  }
  return own === NO_OWN ? undefined : own;
}

function ofResource(reader: FieldReader): TraceMetadata['ofResource'] {
  const user = reader.get('resourceUser');
  const sessionId = reader.get('resourceSessionId');
  return user === undefined && sessionId === undefined ? undefined : { user, sessionId };
}

const SERVICE_ATTRIBUTES: readonly (readonly [attribute: string, property: string])[] = [
  [ATTR_SERVICE_NAME, ATTR_SERVICE_NAME],
  [ATTR_SERVICE_VERSION, ATTR_SERVICE_VERSION],
  [ATTR_DEPLOYMENT_ENVIRONMENT_NAME, ATTR_DEPLOYMENT_ENVIRONMENT_NAME],
  ['deployment.environment', ATTR_DEPLOYMENT_ENVIRONMENT_NAME],
];

/** By attributes of a resource, which do not change and which all spans of a provider share; frozen, as its calls share it. */
const services = new WeakMap<AttributeMap, Readonly<Record<string, string>>>();

function serviceOf({ resource }: SpanView): Readonly<Record<string, string>> {
  const known = services.get(resource);
  if (known) return known;
  const service = Object.freeze(readService(resource));
  services.set(resource, service);
  return service;
}

function readService(resource: AttributeMap): Readonly<Record<string, string>> {
  const service: Record<string, string> = {};
  for (const [attribute, property] of SERVICE_ATTRIBUTES) {
    const value = resource[attribute];
    if (typeof value !== 'string' || value === '' || service[property] !== undefined) continue;
    // What SDKs write when the service was not named; the rest of it is the path of the executable.
    if (!value.startsWith('unknown_service')) service[property] = value;
  }
  return service;
}

function pickAttributes(
  span: SpanView,
  wanted: readonly string[] | undefined,
): Readonly<Record<string, unknown>> | undefined {
  if (!wanted || wanted.length === 0) return undefined;
  const picked = Object.entries(span.attributes).filter(([key]) => matchesAnyName(wanted, key));
  return picked.length > 0 ? Object.fromEntries(picked) : undefined;
}

function hostAndPort(reader: FieldReader): string | undefined {
  const host = reader.get('serverAddress');
  const port = reader.get('serverPort');
  if (host === undefined || port === undefined || host.includes('://')) return host;
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
