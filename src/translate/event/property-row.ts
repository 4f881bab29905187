import type { LlmCall } from '../call/llm-call.ts';
import type { Usage } from '../call/usage.ts';
import type { AiEventName } from '../posthog-event.ts';
import { costProperty } from './usage-and-cost.ts';

/** One event property: where it comes from and how it is made. A row of the one table for mapping, explanation and docs. */
export interface PropertyRow<Name extends string = string> {
  readonly property: Name;
  /** Facts of the span that it is made of, by the names under which dialects supply them; empty: of the span itself. */
  readonly facts: readonly string[];
  /** The first fact that is known decides alone; otherwise all of them contribute. */
  readonly isFirstKnown?: true;
  /** The one fact that decided, where that depends on the call. */
  readonly decidedBy?: (call: LlmCall, event: AiEventName) => string | undefined;
  /** Where it comes from when no fact is known. Default: the span itself. */
  readonly otherwise?: string;
  /** `undefined` leaves the property out: an unknown figure is absent, not zero. */
  readonly value: (call: LlmCall, event: AiEventName) => unknown;
}

/** Reads a count that only model calls may carry. */
export function tokens<Name extends string>(
  property: Name,
  fact: string | readonly string[],
  read: (usage: Usage, call: LlmCall) => unknown,
): PropertyRow<Name> {
  return {
    property,
    facts: [fact].flat(),
    value: (call) => (call.usage ? read(call.usage, call) : undefined),
  };
}

/** Reads a price in US dollars that the span states. */
export function cost<Name extends string>(
  property: Name,
  fact: string,
  figure: Parameters<typeof costProperty>[1],
): PropertyRow<Name> {
  return {
    property,
    facts: [fact],
    value: ({ cost: said }) => (said ? costProperty(said, figure) : undefined),
  };
}
