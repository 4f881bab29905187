import { shownUrl } from '../ledger/shown-url.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** `ai`: the route for AI events. `capture`: the general route, which every PostHog serves. */
export type RouteName = 'ai' | 'capture';

/** One ingestion route of PostHog with its limits. */
export interface Route {
  readonly name: RouteName;
  /** Appended to the endpoint. */
  readonly path: string;
  /** Largest event as JSON. The server refuses the whole request for one event above it. */
  readonly maxEventBytes: number;
}

/** Compressed body that PostHog takes on all these routes (`BATCH_BODY_SIZE`); beyond it the answer is 413. */
export const MAX_WIRE_BYTES = 20 * MIB;

/**
 * Size of an event that every known PostHog takes, and the limit that PostHog's Python SDK uses for `/batch/`. The
 * server's own number is higher (983,040 or 1,000,000 bytes, by deployment) but counts fields it adds itself.
 */
export const SAFE_EVENT_BYTES = 900 * KIB;

export const ROUTES: Readonly<Record<RouteName, Route>> = {
  // 8 MiB is the server's default for one AI event (`AI_MAX_EVENT_BYTES`).
  ai: { name: 'ai', path: '/i/v0/ai/batch/', maxEventBytes: 8 * MIB },
  capture: { name: 'capture', path: '/batch/', maxEventBytes: SAFE_EVENT_BYTES },
};

/** The URL of a request as it may be said: its route in full, what stands before that not. */
export function shownRequestUrl(url: string): string {
  const route = Object.values(ROUTES).find(({ path }) => url.endsWith(path));
  return shownUrl(url, route?.path);
}
