/**
 * Messages in the neutral form that every dialect is read into. Nothing here knows how PostHog shows them; the
 * event stage turns them into the shapes that PostHog renders.
 */
export interface Message {
  /** As the instrumentation wrote it: `system`, `user`, `assistant`, `tool`, `developer`, or any other word. */
  readonly role: string;
  readonly name?: string;
  /** In the order in which they were said. */
  readonly parts: readonly Part[];
  /** Only on output messages, as the provider spelled it. */
  readonly finishReason?: string;
}

/**
 * Whether long texts are decoded while they are read, or stay as they were recorded: then nobody looks at them, and they
 * are passed on as they are.
 */
export type TextForm = 'decoded' | 'recorded';

export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'refusal'; readonly text: string }
  | ToolCallPart
  | ToolResultPart
  | MediaPart
  /** A part of no known shape, kept as it was. */
  | { readonly type: 'other'; readonly value: unknown };

export interface ToolCallPart {
  readonly type: 'tool_call';
  readonly id?: string;
  readonly name: string;
  /** JSON text or a structured value, exactly as recorded. */
  readonly arguments?: unknown;
}

export interface ToolResultPart {
  readonly type: 'tool_result';
  /** Id of the tool call that is answered. */
  readonly id?: string;
  readonly name?: string;
  readonly result: unknown;
  readonly isError?: boolean;
}

export interface MediaPart {
  readonly type: 'media';
  readonly modality: 'image' | 'audio' | 'video' | 'document';
  readonly mimeType?: string;
  readonly source:
    | { readonly kind: 'url'; readonly url: string }
    /** Bare base64, without a `data:` prefix. */
    | { readonly kind: 'base64'; readonly data: string }
    | { readonly kind: 'file'; readonly fileId: string };
  readonly filename?: string;
  /** Text of a spoken part, when the recording has it. */
  readonly transcript?: string;
}

/** A tool the model was offered. */
export interface ToolDefinition {
  readonly name: string;
  readonly description?: string;
  /** JSON schema of the arguments, as recorded. */
  readonly parameters?: unknown;
  /** `function`, or the provider's own tool type (`web_search`, …). */
  readonly type?: string;
}
