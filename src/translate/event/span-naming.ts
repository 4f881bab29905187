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
  return { name: call.spanName };
}
