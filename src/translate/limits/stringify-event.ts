import type { PostHogEvent } from '../posthog-event.ts';
import { cleanEvent } from './clean-event.ts';
import { stringifyPlain } from './plain-json.ts';

/**
 * The event as JSON that PostHog can read, whatever the properties hold, in pieces that belong one behind the other; see
 * `cleanEvent` for what becomes of values that JSON has no form for. NUL characters in texts are kept. Never throws; the
 * event is not changed.
 *
 * @returns `undefined` only when the event is not an object that can be read, or its JSON exceeds what a JavaScript
 * string can hold
 */
export function stringifyEvent(event: PostHogEvent): readonly string[] | undefined {
  try {
    const pieces = stringifyPlain(event);
    if (pieces) return pieces;
  } catch {
    // A getter or a hidden `toJSON` failed; the copy leaves only that out.
  }
  try {
    const cleaned = cleanEvent(event);
    return typeof cleaned === 'object' ? [JSON.stringify(cleaned)] : undefined;
  } catch {
    return undefined;
  }
}
