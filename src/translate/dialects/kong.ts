import { isEmbeddingModel } from '../call/embedding-model.ts';
import type { Dialect, KindContext, KindCorrection } from './dialect.ts';
import { kindByName } from './shared/kind-by-name.ts';

const MODEL_CALL = 'kong.gen_ai';

/**
 * Kong's AI Gateway (3.13 and later): one span with OpenTelemetry's names per request to a model, also the
 * tool's where a tool was called. Source: Kong's OpenTelemetry reference of the AI Gateway.
 */
export const kong: Dialect = {
  id: 'kong',
  title: 'Kong AI Gateway',
  detect: { spanNames: [MODEL_CALL], prefixes: ['kong.a2a.'] },
  correctKind,
  fields: { kind: [kindByName({ 'kong.a2a*': 'agent' })] },
};

function correctKind(context: KindContext): KindCorrection | undefined {
  if (context.kind !== undefined || context.span.name !== MODEL_CALL) return undefined;
  const model = context.get('requestModel') ?? context.get('responseModel');
  return {
    kind: isEmbeddingModel(model) ? 'embedding' : 'generation',
    because: `${MODEL_CALL} is the request to a model`,
  };
}
