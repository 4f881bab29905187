import { isEmbeddingModel } from '../../call/embedding-model.ts';
import type { CallKind } from '../../call/llm-call.ts';
import type { ReadContext } from '../dialect.ts';
import { toModelName } from './values.ts';

/** Operations of Bedrock's runtime that run a model, as the AWS SDK instrumentation writes them in `rpc.method`. */
const MODEL_METHODS: ReadonlySet<unknown> = new Set([
  'Converse',
  'ConverseStream',
  'InvokeModel',
  'InvokeModelWithResponseStream',
]);

/** Kind of an AWS span; `InvokeModel` spans have no `gen_ai.operation.name`. */
export function kindOfBedrockMethod(method: unknown, { span }: ReadContext): CallKind | undefined {
  if (span.attributes['rpc.service'] !== 'BedrockRuntime' || !MODEL_METHODS.has(method)) return undefined;
  return isEmbeddingModel(toModelName(span.attributes['gen_ai.request.model'])) ? 'embedding' : 'generation';
}
