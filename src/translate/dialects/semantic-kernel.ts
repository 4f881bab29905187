import type { CallKind } from '../call/llm-call.ts';
import type { Dialect } from './dialect.ts';
import { attribute, own } from './shared/sources.ts';
import { oneOf, toCount, toText } from './shared/values.ts';

/** Operations of releases before OpenTelemetry fixed the words. */
const OPERATIONS: Readonly<Record<string, CallKind>> = {
  'chat.completions': 'generation',
  'chat.streaming_completions': 'generation',
  'text.completions': 'generation',
  'text.streaming_completions': 'generation',
};

/**
 * Microsoft's Semantic Kernel in .NET and Python. The names are OpenTelemetry's; older releases spell
 * operations and token counts their own way, and all write the finish reason in the singular. Content stands
 * in span events or logs.
 * Source: `microsoft/semantic-kernel` (ModelDiagnostics.cs, model_diagnostics).
 */
export const semanticKernel: Dialect = {
  id: 'semantic-kernel',
  title: 'Semantic Kernel',
  framework: 'semantic-kernel',
  detect: { scopes: ['Microsoft.SemanticKernel*', 'semantic_kernel*'], prefixes: ['semantic_kernel.'] },
  fields: {
    kind: [
      attribute('gen_ai.operation.name', oneOf(OPERATIONS)),
      own(attribute('semantic_kernel.function.name', (name) => (toText(name) ? 'chain' : undefined))),
    ],
    streaming: [
      own(
        attribute('gen_ai.operation.name', (name) =>
          typeof name === 'string' && name.includes('.streaming_') ? true : undefined,
        ),
      ),
    ],
    inputTokens: [attribute('gen_ai.response.prompt_tokens', toCount)],
    outputTokens: [attribute('gen_ai.response.completion_tokens', toCount)],
  },
};
