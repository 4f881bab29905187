import type { DropReason as DeliveryDropReason } from './deliver/outbox/kept-reasons.ts';

/** Why events of an export did not reach PostHog. */
export type DropReason = DeliveryDropReason | 'shutdown' | 'not-serialisable';

const MARKER = Symbol.for('posthog-llm-exporter.export-error');

/**
 * Handed to the SDK when not every event of an export was delivered. Holds counts and reasons, never keys or content.
 */
export class PostHogLLMExportError extends Error {
  readonly code = 'POSTHOG_LLM_EXPORT_FAILED';
  /** Events not delivered, by reason. */
  readonly droppedByReason: Readonly<Partial<Record<DropReason, number>>>;

  constructor(message: string, droppedByReason: Partial<Record<DropReason, number>>) {
    super(message);
    this.name = 'PostHogLLMExportError';
    this.droppedByReason = { ...droppedByReason };
    Object.defineProperty(this, MARKER, { value: true });
  }
}

/** Recognises the error across copies of this package. */
export function isPostHogLLMExportError(error: unknown): error is PostHogLLMExportError {
  return typeof error === 'object' && error !== null && MARKER in error;
}
