import type { PostHogLLMEvent } from '../config/options.ts';

/** Shows an event, as it stands in the request, to a function of the application. What it throws is ignored. */
export function showEvent(onEvent: ((event: PostHogLLMEvent) => void) | undefined, json: Buffer): void {
  if (onEvent === undefined) return;
  try {
    const result: unknown = onEvent(JSON.parse(json.toString('utf8')));
    if (result instanceof Promise) result.catch(() => {});
  } catch {
    // Looking at events must not cost any.
  }
}
