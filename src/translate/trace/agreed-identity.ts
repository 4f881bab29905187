import type { SpanFacts } from '../call/span-facts.ts';

/** Values that spans of one trace name; `null` where they do not agree. */
export interface AgreedIdentity {
  user?: string | null;
  sessionId?: string | null;
  traceName?: string | null;
}

const AGREED = ['user', 'sessionId', 'traceName'] as const;

/** Adds what one more span says. */
export function agree(agreed: AgreedIdentity, facts: SpanFacts): void {
  for (const name of AGREED) {
    const value = facts[name];
    if (value === undefined) continue;
    const known = agreed[name];
    if (known === undefined) agreed[name] = value;
    else if (known !== value) agreed[name] = null;
  }
}
