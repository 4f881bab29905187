import type { Steps } from '../../json/steps.ts';
import { inputOf, type LlmCall } from '../call/llm-call.ts';
import { aiTraceId } from '../event/identity.ts';
import { decidePrivacy, type PrivacyDecision } from './decide-privacy.ts';
import { isQuotedIn, isShortName, type QuoteSearch, searchForQuotes } from './quoted-names.ts';

/** Names remembered of one trace; of those after them nothing is known. */
const MAX_NAMES = 50;

/** Spans remembered of one trace that asked for privacy; after them the whole trace counts as asking. */
const MAX_SPANS = 1_000;

/**
 * What is known of a name: compared with all content so far, found in it, or met only after content had gone by, which is
 * not kept for comparing.
 */
type NameState = 'compared' | 'quoted' | 'late';

/** What is remembered of a trace with private calls, until it is forgotten. No content. */
export interface TracePrivacy {
  readonly names: Map<string, NameState>;
  /** Content of a private call was seen, so that names could be compared. */
  hasContent: boolean;
  /** Ids of the spans that asked for privacy themselves. */
  readonly askingSpans: Set<string>;
}

export function newTracePrivacy(): TracePrivacy {
  return { names: new Map(), hasContent: false, askingSpans: new Set() };
}

/** By `$ai_trace_id`; bounded. */
export interface TracePrivacyTable {
  get(traceId: string): TracePrivacy | undefined;
  getOrAdd(traceId: string): TracePrivacy;
  readonly size: number;
}

/** What privacy demands of the events of one batch. */
export interface BatchPrivacy {
  isPrivate(call: LlmCall): boolean;
  /** The call without names that say what a private call of its trace says; the same when there are none. */
  withPlainNames(call: LlmCall): LlmCall;
  /** Whether an event about a trace or one of its spans concerns a span that asked for privacy. */
  concernsPrivate(traceId: unknown, spanId: unknown): boolean;
}

/**
 * Decides for each call of a batch whether its content is withheld, and compares the names in traces of such calls with
 * what their messages say: some applications name a trace after the first message, and all events of the trace have the
 * name, also those that do not have the message.
 *
 * @param option see `decidePrivacy`, which is asked once for each call
 */
export function* decideBatchPrivacy(
  calls: Iterable<LlmCall>,
  option: boolean | PrivacyDecision,
  table: TracePrivacyTable,
): Steps<BatchPrivacy> {
  const decisions = new Map<LlmCall, boolean>();
  const isPrivate = (call: LlmCall): boolean => {
    const known = decisions.get(call);
    if (known !== undefined) return known;
    const decision = decidePrivacy(call, option);
    if (option !== false) decisions.set(call, decision);
    return decision;
  };
  const all = [...calls];
  const privateCalls = all.filter(isPrivate);
  if (privateCalls.length > 0) rememberCalls(privateCalls, table);
  if (table.size > 0) rememberNames(all, table);
  if (privateCalls.length > 0) yield* compareNames(privateCalls, table);
  return {
    isPrivate,
    withPlainNames: (call) => {
      const trace = table.size === 0 ? undefined : table.get(aiTraceId(call));
      return trace === undefined ? call : plainlyNamed(call, trace);
    },
    concernsPrivate(traceId, spanId) {
      const asking = table.size === 0 ? undefined : table.get(String(traceId))?.askingSpans;
      if (asking === undefined || asking.size === 0) return false;
      return typeof spanId !== 'string' || asking.size > MAX_SPANS || asking.has(spanId);
    },
  };
}

function rememberCalls(calls: readonly LlmCall[], table: TracePrivacyTable): void {
  for (const call of calls) {
    const { askingSpans } = table.getOrAdd(aiTraceId(call));
    if (call.privacyRequested !== false && askingSpans.size <= MAX_SPANS) askingSpans.add(call.spanId);
  }
}

function rememberNames(calls: readonly LlmCall[], table: TracePrivacyTable): void {
  for (const call of calls) {
    const trace = table.get(aiTraceId(call));
    if (trace === undefined) continue;
    for (const name of namesOf(call)) {
      if (name === undefined || trace.names.has(name) || trace.names.size >= MAX_NAMES) continue;
      if (searchForQuotes(name)) trace.names.set(name, trace.hasContent ? 'late' : 'compared');
    }
  }
}

function* compareNames(calls: readonly LlmCall[], table: TracePrivacyTable): Steps<void> {
  const searches = new Map<string, QuoteSearch | undefined>();
  const searchFor = (name: string): QuoteSearch | undefined => {
    if (!searches.has(name)) searches.set(name, searchForQuotes(name));
    return searches.get(name);
  };
  for (const call of calls) {
    const trace = table.getOrAdd(aiTraceId(call));
    const content = contentOf(call);
    if (content?.length === 0) continue;
    trace.hasContent ||= content === undefined || saysSomething(call);
    for (const [name, state] of trace.names) {
      const search = state === 'quoted' ? undefined : searchFor(name);
      if (search === undefined) continue;
      if (content === undefined || isQuotedIn(content, search)) trace.names.set(name, 'quoted');
      yield;
    }
  }
}

/** Names may stem from what went in: without a text of it, nothing was compared. */
function saysSomething(call: LlmCall): boolean {
  const asked = [inputOf(call), call.embeddingInput, call.inputState].filter((value) => value !== undefined);
  return isQuotedIn(asked, (text) => PHRASE.test(text.slice(0, MAX_SEARCHED_UNITS)));
}

/** A text that says something does so at its beginning. */
const MAX_SEARCHED_UNITS = 65_536;

const PHRASE = /\S\s+\S|\p{Lo}{2}/u;

/** `undefined` when it cannot be read, so that it may be anything. */
function contentOf(call: LlmCall): unknown[] | undefined {
  try {
    const { output, embeddingInput, inputState, outputState, error } = call;
    const all = [inputOf(call), output, embeddingInput, inputState, outputState, error?.message];
    return all.filter((content) => content !== undefined);
  } catch {
    return undefined;
  }
}

/** All names of a call: what the application or an instrumentation may choose as it runs. */
function namesOf(call: LlmCall): (string | undefined)[] {
  const { traceName, generationName } = call.trace;
  return [traceName, generationName, call.spanName, ...titlesOf(call)];
}

/** Names that prompts have as well, as in "You are Weather Agent": two words that stand there are no quote. */
function titlesOf({ agentName, toolName, promptName }: LlmCall): (string | undefined)[] {
  return [agentName, toolName, promptName].filter(
    (name) => name !== undefined && searchForQuotes(name, MIN_TITLE_WORDS) !== undefined,
  );
}

const MIN_TITLE_WORDS = 3;

function plainlyNamed(call: LlmCall, known: TracePrivacy): LlmCall {
  const titles = titlesOf(call);
  const isSent = (name: string | undefined) => name === undefined || isNameSent(name, known);
  if (namesOf(call).every(isSent)) return call;
  const sent = (name: string | undefined) => (isSent(name) ? name : undefined);
  const title = (name: string | undefined) => (titles.includes(name) ? sent(name) : name);
  const { traceName, generationName } = call.trace;
  return {
    ...call,
    spanName: sent(call.spanName) ?? call.kind,
    agentName: title(call.agentName),
    toolName: title(call.toolName),
    promptName: title(call.promptName),
    trace: { ...call.trace, traceName: sent(traceName), generationName: sent(generationName) },
  };
}

/** A name must be short; a little longer it may be when it was compared with what was said. */
function isNameSent(name: string, { names, hasContent }: TracePrivacy): boolean {
  const state = names.get(name);
  if (state === 'quoted') return false;
  return isShortName(name, state === 'compared' && hasContent);
}
