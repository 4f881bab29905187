import type { LlmCall } from '../call/llm-call.ts';
import type { AiEventName } from '../posthog-event.ts';

export interface SpanNaming {
  readonly name: string;
  /** Fact that the name is; absent for the name of the span. */
  readonly fact?: string;
}

/** What the application named it, else what the operation is about, else the span's own name. */
export function nameSpan(call: LlmCall, event: AiEventName): SpanNaming {
  const { generationName, traceName } = call.trace;
  if (event === '$ai_trace' && traceName !== undefined) return { name: traceName, fact: 'traceName' };
  if (generationName !== undefined) return { name: generationName, fact: 'generationName' };
  if ((call.kind === 'tool' || call.kind === 'mcp') && call.toolName !== undefined) {
    return { name: call.toolName, fact: 'toolName' };
  }
  if (call.kind === 'agent' && call.agentName !== undefined)
    return { name: call.agentName, fact: 'agentName' };
  return { name: withoutId(call.spanName) };
}

const TRAILING_ID = /\s+[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A name has few values: an id behind the operation (Koog's `invoke_agent <uuid>`) would make each span a name of its own. */
function withoutId(name: string): string {
  // The end of the pattern is looked at first, since most names are short and have no hyphen there.
  return name.length > 37 && name.charCodeAt(name.length - 13) === HYPHEN
    ? name.replace(TRAILING_ID, '')
    : name;
}

const HYPHEN = 0x2d;
