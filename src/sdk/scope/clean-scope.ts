import { diag } from '@opentelemetry/api';
import type { TraceScope } from '../../translate/span/trace-scope.ts';

type Rule = (value: unknown) => unknown;

/** Ids and names come from databases: numbers become text. Anything else is no name. */
const text: Rule = (value) => {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
};

const record: Rule = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;

const RULES: Readonly<Record<keyof TraceScope, Rule>> = {
  user: text,
  sessionId: text,
  traceId: text,
  traceName: text,
  generationName: text,
  parentSpanId: text,
  groups: record,
  metadata: record,
  // A wish for privacy that is not understood is taken for one.
  privacyMode: (value) => value !== false,
  promptName: text,
  promptVersion: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : text(value)),
};

/** A scope with usable members only; it is a copy, so later changes by the application have no effect. Never throws. */
export function cleanScope(scope: unknown): TraceScope {
  if (typeof scope !== 'object' || scope === null) return {};
  const clean: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(scope)) {
    if (value === undefined || value === null) continue;
    const rule = Object.hasOwn(RULES, name) ? RULES[name as keyof TraceScope] : undefined;
    const usable = rule?.(value);
    if (usable !== undefined) clean[name] = usable;
    else
      diag.warn(
        `posthog-llm-exporter: "${name.slice(0, 50)}" of a trace scope is not usable and is left out`,
      );
  }
  return clean;
}
