import { isEmbeddingModel } from '../call/embedding-model.ts';
import type { CallKind } from '../call/llm-call.ts';
import type { FieldReader } from './field-reader.ts';

export interface KindDecision {
  readonly kind: CallKind | 'ignore';
  /** In words, for `explain`. */
  readonly because: string;
  /** No attribute states the kind. */
  readonly isInferred?: boolean;
}

/** A correction by the dialect first, then the classification attributes, then the shape of the span. */
export function decideKind(reader: FieldReader): KindDecision {
  for (const dialect of reader.dialects) {
    const correction = dialect.correctKind?.(reader);
    if (correction) return correction;
  }
  if (reader.kind === 'generation' && isEmbeddingModel(modelOf(reader))) {
    return { kind: 'embedding', because: 'its model answers with vectors' };
  }
  if (reader.kind) return { kind: reader.kind, because: `its operation is classified as ${reader.kind}` };
  return { ...kindByShape(reader), isInferred: true };
}

function modelOf(reader: FieldReader): string | undefined {
  return reader.get('requestModel') ?? reader.get('responseModel');
}

/**
 * For spans that name no operation (conventions before v1.27, unknown emitters) or one that is not known: a model
 * together with a trace of its answer or request is a call, and so are messages together with tokens.
 */
function kindByShape(reader: FieldReader): KindDecision {
  const { span } = reader;
  const model = modelOf(reader);
  const spent = reader.get('inputTokens') !== undefined || reader.get('outputTokens') !== undefined;
  const spoke = reader.get('inputMessages') !== undefined || reader.get('outputMessages') !== undefined;
  if (model === undefined) {
    if (spent && spoke) return { kind: 'generation', because: 'it has messages and tokens' };
    return structureByShape(reader);
  }
  if (reader.get('embeddingInput') !== undefined || /\bembed/i.test(span.name) || isEmbeddingModel(model)) {
    return { kind: 'embedding', because: 'it names a model and an embedding' };
  }
  if (spent || spoke) return { kind: 'generation', because: 'it names a model and has tokens or messages' };
  const left =
    reader.get('isError') === true ||
    reader.get('errorType') !== undefined ||
    reader.get('responseId') !== undefined ||
    reader.get('finishReason') !== undefined;
  if ((span.kind === 'client' || reader.get('operation') !== undefined) && left) {
    return { kind: 'generation', because: 'it names a model, and an outcome of a call to it' };
  }
  return { kind: 'span', because: 'it names a model but nothing that a call leaves behind' };
}

/** Without a model, who is named says what ran. */
function structureByShape(reader: FieldReader): KindDecision {
  if (reader.get('toolName') !== undefined) return { kind: 'tool', because: 'it names a tool and no model' };
  if (reader.get('agentName') !== undefined)
    return { kind: 'agent', because: 'it names an agent and no model' };
  return { kind: 'span', because: 'it names no known operation and no model' };
}
