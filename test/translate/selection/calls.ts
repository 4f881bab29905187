import type { LlmCall } from '../../../src/translate/call/llm-call.ts';

/** A plain call with the given parts. */
export function call(parts: Partial<LlmCall> = {}): LlmCall {
  return {
    kind: 'generation',
    dialect: 'gen-ai',
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    isLocalRoot: true,
    isTraceRoot: true,
    spanName: 'chat gpt-4o',
    scope: { name: 'test' },
    spanKind: 'client',
    trace: {},
    privacyRequested: false,
    service: {},
    ...parts,
  };
}
