import { isEmbeddingModel } from '../call/embedding-model.ts';
import type { AttributeMap } from '../span/span-view.ts';
import type { KindContext, KindCorrection, ReadContext } from './dialect.ts';
import { hasSignOfAi, SIGNS_OF_AI } from './shared/signs-of-ai.ts';

/** Of MCP, how client and server agree on a version of the protocol; what it has of content is that. */
export function handshake({ span }: KindContext): KindCorrection | undefined {
  return span.name === 'initialize.mcp'
    ? { kind: 'ignore', because: 'it is the handshake of the Model Context Protocol' }
    : undefined;
}

/** Converse spans of the Bedrock instrumentation carry a model and nothing else: no operation, tokens or content. */
export function bareModelCall(context: KindContext): KindCorrection | undefined {
  if (context.kind !== undefined || context.has('vercel-ai') || context.span.kind !== 'client')
    return undefined;
  if (!context.span.scope.name.startsWith('@traceloop/instrumentation-')) return undefined;
  const model = context.get('requestModel') ?? context.get('responseModel');
  if (model === undefined) return undefined;
  return {
    kind: isEmbeddingModel(model) ? 'embedding' : 'generation',
    because: 'client spans of this instrumentation that name a model are calls of it',
  };
}

/**
 * The SDK marks every span within a workflow, also those of HTTP clients and databases. Only its own mark says that; the
 * other names that reveal Traceloop are written by others too.
 */
export function onlyWithinWorkflow(context: KindContext): KindCorrection | undefined {
  const { scope, attributes } = context.span;
  if (scope.name.startsWith('@traceloop/') || !isMarked(attributes)) return undefined;
  return hasSignOfAi(context, SIGNS_OF_AI.modelContentOrState)
    ? undefined
    : { kind: 'ignore', because: 'it is marked as part of a workflow but is no AI operation' };
}

function isMarked(attributes: AttributeMap): boolean {
  for (const name in attributes) if (name.startsWith('traceloop.')) return true;
  return false;
}

/**
 * The JavaScript instrumentation for Anthropic passes raw counts on up to 0.27.0, without cached tokens (fixed later,
 * traceloop/openllmetry-js#1028); so does every instrumentation for Bedrock. Python's for Anthropic adds them.
 */
export function cacheReporting({ span }: KindContext): 'inclusive' | 'exclusive' | undefined {
  const { name, version } = span.scope;
  if (name === '@traceloop/instrumentation-anthropic') {
    return /^0\.(?:1?\d|2[0-7])\./.test(version ?? '') ? 'exclusive' : 'inclusive';
  }
  if (name === '@traceloop/instrumentation-bedrock' || name === 'opentelemetry.instrumentation.bedrock') {
    return 'exclusive';
  }
  return undefined;
}

/** The instrumentation for Vertex AI calls it `Google`, which has other prices. */
export function vertexByScope(value: unknown, { span }: ReadContext): string | undefined {
  return value === 'Google' && /vertexai$/.test(span.scope.name) ? 'gcp.vertex_ai' : undefined;
}

/** Gemini's own counts leave reasoning out of the output. */
export function reasoningReporting({ span }: KindContext): 'inclusive' | 'exclusive' | undefined {
  return /google[-_]generativeai|vertexai/.test(span.scope.name) ? 'exclusive' : undefined;
}
