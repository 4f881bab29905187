import type { DropReason } from '../../ledger/drop-reasons.ts';
import type { Loss } from '../../pipeline/take-batch.ts';

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
 * The error of an export that lost something. Of a defect only the name is given: a message may quote content.
 * @param defect what failed inside of the exporter itself
 */
export function exportError(losses: readonly Loss[], defect: unknown): PostHogLLMExportError {
  const total = losses.reduce((sum, { events }) => sum + events, 0);
  const reasons = losses.map(({ reason, events }) => `${reason}: ${events}`).join(', ');
  const kind = defect instanceof Error ? ` (${defect.name})` : '';
  const details = losses.map(({ detail }) => detail).filter((detail) => detail !== undefined);
  const because = details.length > 0 ? `: ${details.join('; ')}` : '';
  return new PostHogLLMExportError(
    `${total} ${total === 1 ? 'event was' : 'events were'} not delivered (${reasons})${kind}${because}`,
    Object.fromEntries(losses.map(({ reason, events }) => [reason, events])),
  );
}
