import { type Context, propagation } from '@opentelemetry/api';
import type { PropagatedName, TraceScope } from '../../translate/span/trace-scope.ts';
import { cleanScope } from './clean-scope.ts';

const PREFIX = 'posthog.llm.';

/** Bytes of names and values together; the W3C limit is 8192 for all baggage, and others want room as well. */
export const MAX_BAGGAGE_BYTES = 2_048;

/** Longest value that is taken over from another service. */
const MAX_VALUE_CHARACTERS = 512;

/** The context with the named members as baggage; what does not fit, or is no simple value, stays behind. */
export function toBaggage(context: Context, scope: TraceScope, names: readonly PropagatedName[]): Context {
  let baggage = propagation.getBaggage(context) ?? propagation.createBaggage();
  let bytes = 0;
  for (const name of new Set(names)) {
    const value = memberOf(scope, name);
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') continue;
    const text = String(value);
    bytes += PREFIX.length + name.length + encodedLength(text) + 2;
    if (bytes > MAX_BAGGAGE_BYTES) break;
    baggage = baggage.setEntry(PREFIX + name, { value: text });
  }
  return propagation.setBaggage(context, baggage);
}

/** The scope that came with a request, as far as it is allowed in. Anyone may have written it. */
export function fromBaggage(context: Context, allowed: readonly PropagatedName[]): TraceScope | undefined {
  const baggage = allowed.length > 0 ? propagation.getBaggage(context) : undefined;
  if (!baggage) return undefined;
  const scope: Record<string, unknown> = {};
  const metadata: Record<string, string> = {};
  for (const name of allowed) {
    const value = baggage.getEntry(PREFIX + name)?.value.slice(0, MAX_VALUE_CHARACTERS);
    if (value === undefined || value === '') continue;
    if (name.startsWith('metadata.')) metadata[name.slice('metadata.'.length)] = value;
    else scope[name] = name === 'privacyMode' ? value !== 'false' : value;
  }
  if (Object.keys(metadata).length > 0) scope['metadata'] = metadata;
  return Object.keys(scope).length > 0 ? cleanScope(scope) : undefined;
}

/** Bytes in a header, at most: every character that is not plain ASCII is percent-encoded. */
function encodedLength(text: string): number {
  return Buffer.byteLength(text) + 2 * Buffer.byteLength(text.replace(/[A-Za-z0-9_.~-]/g, ''));
}

function memberOf(scope: TraceScope, name: PropagatedName): unknown {
  return name.startsWith('metadata.')
    ? scope.metadata?.[name.slice('metadata.'.length)]
    : scope[name as Exclude<PropagatedName, `metadata.${string}`>];
}
