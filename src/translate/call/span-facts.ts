import type { TraceMetadata } from './llm-call.ts';

/** Whose trace it is. */
export type TraceIdentity = Pick<
  TraceMetadata,
  'user' | 'sessionId' | 'webSessionId' | 'groups' | 'traceName'
>;

/** What the spans below a span have from it, unless they or a nearer one say otherwise. */
export interface SpanFacts extends TraceIdentity {
  readonly framework?: string | undefined;
  /** For calls of the same instrumentation that name none. */
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
  readonly scopeName?: string | undefined;
  /** Of a span that is not sent, whose metadata would be lost otherwise. */
  readonly metadata?: TraceMetadata['metadata'];
  readonly tags?: TraceMetadata['tags'];
}
