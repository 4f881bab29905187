import type { CallKind } from '../translate/call/llm-call.ts';
import type { Field } from '../translate/dialects/fields.ts';
import type { Trim } from '../translate/limits/trim-record.ts';
import type { AiEventName } from '../translate/posthog-event.ts';
import type { PrivacyAction } from '../translate/privacy/apply-privacy.ts';

/** What became of one span, and why. Holds no content unless it was asked for. */
export interface SpanExplanation {
  readonly span: {
    readonly name: string;
    readonly traceId: string;
    readonly spanId: string;
    readonly parentSpanId?: string;
    readonly scope: { readonly name: string; readonly version?: string };
  };
  /** Dialects that recognise the span; the first has claimed it. Empty when it has nothing to do with AI. */
  readonly dialects: readonly RecognisedDialect[];
  readonly kind?: { readonly kind: CallKind; readonly because: string; readonly from: readonly Origin[] };
  readonly outcome: Outcome;
  /** What keeps the span from saying all that its instrumentation knows, with what to do about it. */
  readonly notes: readonly string[];
  /** In the order of the event. */
  readonly properties: readonly PropertyExplanation[];
  /** What privacy mode, media, redactors and mask did to properties. */
  readonly privacy: readonly { readonly property: string; readonly action: PrivacyAction }[];
  /** What was cut because the event was too large for PostHog. */
  readonly trimmed: readonly Trim[];
  /** Every attribute of the span. */
  readonly attributes: readonly AttributeExplanation[];
}

export interface RecognisedDialect {
  readonly id: string;
  readonly title: string;
  /** Scope, span name, service or attributes that gave it away. */
  readonly because: readonly string[];
}

export type Outcome =
  | { readonly type: 'filtered'; readonly because: string }
  | { readonly type: 'sent'; readonly event: AiEventName; readonly uuid: string }
  /** Sent as a span without tokens and cost, since another event has them. */
  | {
      readonly type: 'demoted';
      readonly event: AiEventName;
      readonly uuid: string;
      readonly because: string;
      /** Span that carries the tokens instead, when it is one span. */
      readonly countedOn?: string;
    };

export interface PropertyExplanation {
  readonly property: string;
  /** Absent when it is content that was not asked for. */
  readonly value?: unknown;
  /** Characters of JSON that this explanation withholds, since they are content. */
  readonly hiddenCharacters?: number;
  readonly from: readonly Origin[];
}

/** A place that a property's value was taken from. */
export interface Origin {
  readonly from: 'attribute' | 'prefix' | 'events' | 'resource' | 'span' | 'package' | 'option';
  /** Attribute name, prefix with `*`, or a description. */
  readonly name: string;
  /** Dialect whose rule it was. */
  readonly dialect?: string;
  /** Further attributes that the same rule looked at. */
  readonly with?: readonly string[];
}

/**
 * `used`: a property or decision was made of it. `consulted`: looked at on behalf of another attribute. `shadowed`: a
 * better place had the fact. `unusable`: known, but empty, masked or of an unexpected form. `not needed`: known, but a
 * span of this kind does not carry it. `marker`: only shows which dialect it is. `ignored`: known to no dialect.
 */
export const ATTRIBUTE_FATES = [
  'used',
  'consulted',
  'shadowed',
  'unusable',
  'not needed',
  'marker',
  'ignored',
] as const;

export type AttributeFate = (typeof ATTRIBUTE_FATES)[number];

export interface AttributeExplanation {
  readonly name: string;
  readonly fate: AttributeFate;
  /** Facts that it was asked for. */
  readonly facts: readonly Field[];
  /** Why it was not used. */
  readonly because?: string;
}
