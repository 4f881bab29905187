import type { CallKind } from '../call/llm-call.ts';
import type { Message } from '../call/messages.ts';
import { readMessages } from '../messages/read-messages.ts';
import { isRecord, parseJson } from '../messages/recorded-json.ts';
import { standardRole } from '../messages/roles.ts';
import type { AttributeMap, SpanEventView, SpanView } from '../span/span-view.ts';
import type { Dialect, EventsSource, KindContext, KindCorrection } from './dialect.ts';
import { attribute, events, ofSpan, own, ownAttribute, parameter } from './shared/sources.ts';
import { readUsageObject, type TokenField } from './shared/usage-object.ts';
import { firstFinishReason, toContent, toText } from './shared/values.ts';

/**
 * Monocle. A span names what took part (`entity.N.type`, `entity.N.name`); what was said and what it took stand in span
 * events. The calls of a framework have one of the provider's client below them that says nothing.
 * Source: `monocle2ai/monocle` (instrumentation/metamodel).
 */
export const monocle: Dialect = {
  id: 'monocle',
  title: 'Monocle',
  detect: { scopes: ['monocle_apptrace'], prefixes: ['monocle_apptrace.'] },
  fields: {
    kind: [own(ofSpan('span.type', ({ attributes }) => kindOf(attributes['span.type'])))],
    requestModel: [own(ofSpan('entity.N.name of a model', ({ attributes }) => modelIn(attributes)))],
    provider: [
      ownAttribute('entity.1.type', (value) =>
        typeof value === 'string' && value.startsWith('inference.')
          ? value.slice('inference.'.length)
          : undefined,
      ),
    ],
    baseUrl: [ownAttribute('entity.1.inference_endpoint', toText)],

    inputMessages: [saidIn('data.input', 'user')],
    outputMessages: [saidIn('data.output', 'assistant')],
    inputState: [stateIn('data.input')],
    outputState: [stateIn('data.output')],
    toolName: [own(ofSpan('entity.1.name', (span) => nameOf(span, 'tool')))],
    agentName: [own(ofSpan('entity.1.name', (span) => nameOf(span, 'agent')))],
    workflowName: [ownAttribute('workflow.name', toText)],

    inputTokens: [countIn('inputTokens')],
    outputTokens: [countIn('outputTokens')],
    totalTokens: [countIn('totalTokens')],
    cacheReadTokens: [countIn('cacheReadTokens')],
    cacheWriteTokens: [countIn('cacheWriteTokens')],
    reasoningTokens: [countIn('reasoningTokens')],
    finishReason: [inEvent('metadata', ({ finish_reason }) => firstFinishReason(finish_reason))],
    parameters: [
      inEvent('metadata', ({ temperature }, context) =>
        temperature === undefined
          ? undefined
          : parameter('temperature', 'temperature').read(temperature, context),
      ),
    ],
    sessionId: [attribute('scope.agentic.session', toText)],
  },
  correctKind: silentRequest,
};

const KINDS: Readonly<Record<string, CallKind>> = {
  inference: 'generation',
  'inference.framework': 'generation',
  'inference.modelapi': 'generation',
  embedding: 'embedding',
  'embedding.modelapi': 'embedding',
  retrieval: 'retriever',
  'agentic.tool.invocation': 'tool',
  'agentic.mcp.invocation': 'tool',
  'agentic.invocation': 'agent',
  'agentic.delegation': 'handoff',
  'agentic.turn': 'workflow',
  'agentic.request': 'workflow',
  workflow: 'workflow',
};

function kindOf(type: unknown): CallKind | undefined {
  return typeof type === 'string' && Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
}

function silentRequest(context: KindContext): KindCorrection | undefined {
  if (context.span.attributes['span.type'] !== 'inference.modelapi') return undefined;
  const fact = context.get('requestModel') ?? context.get('inputTokens') ?? context.get('outputMessages');
  return fact === undefined
    ? { kind: 'ignore', because: 'it is the request of the call above it, and tells nothing' }
    : undefined;
}

/** A span has two or three entities. */
const ENTITIES = [1, 2, 3];

function modelIn(attributes: AttributeMap): string | undefined {
  const model = ENTITIES.find((number) => String(attributes[`entity.${number}.type`]).startsWith('model.'));
  return model === undefined ? undefined : toText(attributes[`entity.${model}.name`]);
}

function nameOf({ attributes }: SpanView, kind: CallKind): string | undefined {
  return kindOf(attributes['span.type']) === kind ? toText(attributes['entity.1.name']) : undefined;
}

function inEvent<T>(
  name: string,
  read: (attributes: AttributeMap, context: Parameters<EventsSource<T>['read']>[1]) => T | undefined,
): EventsSource<T> {
  return own(
    events(`event ${name}`, (list: readonly SpanEventView[], context) => {
      const event = list.findLast((one) => one.name === name);
      return event && read(event.attributes, context);
    }),
  );
}

function countIn(field: TokenField): EventsSource<number> {
  return inEvent('metadata', (attributes) => readUsageObject(attributes)[field]);
}

function heldBy({ input, response, output }: AttributeMap): unknown {
  return input ?? response ?? output;
}

function stateIn(name: string): EventsSource<unknown> {
  return inEvent(name, (attributes) => toContent(parseJson(heldBy(attributes))));
}

function saidIn(name: string, role: string): EventsSource<readonly Message[]> {
  return inEvent(name, (attributes) => {
    const value = heldBy(attributes);
    const said = (Array.isArray(value) ? value : [value]).flatMap((turn): readonly Message[] =>
      turnsOf(turn, role),
    );
    return said.length > 0 ? said : undefined;
  });
}

/** `{"user": "…"}`, else a message in any other form. */
function turnsOf(value: unknown, defaultRole: string): readonly Message[] {
  const turn = parseJson(value);
  if (!isRecord(turn)) return readMessages(value, defaultRole) ?? [];
  const entries = Object.entries(turn);
  const isByRole = entries.length > 0 && entries.every(([word]) => standardRole(word) !== undefined);
  if (!isByRole) return readMessages(value, defaultRole) ?? [];
  return entries.flatMap(([word, said]) => readMessages(said, standardRole(word) ?? defaultRole) ?? []);
}
