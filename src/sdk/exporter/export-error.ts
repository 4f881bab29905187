import type { DropReason } from '../../ledger/drop-reasons.ts';

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

/**
 * The error of an export that lost something. Of its cause only the name is told: a message may quote content.
 * @param why what is known of a reason, in words without keys or content
 */
export function exportError(
  dropped: ReadonlyMap<DropReason, number>,
  cause: unknown,
  why: (reason: DropReason) => string | undefined,
): PostHogLLMExportError {
  const total = [...dropped.values()].reduce((sum, number) => sum + number, 0);
  const reasons = [...dropped].map(([reason, number]) => `${reason}: ${number}`).join(', ');
  const kind = cause instanceof Error ? ` (${cause.name})` : '';
  const details = [...dropped.keys()].map(why).filter((detail) => detail !== undefined);
  const because = details.length > 0 ? `: ${details.join('; ')}` : '';
  return new PostHogLLMExportError(
    `${total} ${total === 1 ? 'event was' : 'events were'} not delivered (${reasons})${kind}${because}`,
    Object.fromEntries(dropped),
  );
}
