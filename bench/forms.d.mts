/** A call in the form that an instrumentation records it in. */
export interface Form {
  readonly scope: string;
  /** Of the span. */
  readonly name: string;
  /** @param attributes those of the GenAI conventions */
  readonly write: (attributes: Readonly<Record<string, unknown>>) => Record<string, unknown>;
}

export declare const FORMS: Readonly<
  Record<'gen-ai' | 'aisdk' | 'openinference' | 'traceloop' | 'traceloop-json' | 'langfuse', Form>
>;
