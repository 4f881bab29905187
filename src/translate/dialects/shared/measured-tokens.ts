import { ATTR_RPC_METHOD } from '@opentelemetry/semantic-conventions';
import type { ReadContext } from '../dialect.ts';
import { toCount, toModelName } from './values.ts';

/** A count of input tokens, except where the instrumentation is known to have guessed it. */
export function toMeasuredInput(value: unknown, { span }: ReadContext): number | undefined {
  return isEstimated(span) ? undefined : toCount(value);
}

/** A count of output tokens, except where the instrumentation is known to have guessed it or to have read it too early. */
export function toMeasuredOutput(value: unknown, { span }: ReadContext): number | undefined {
  return isEstimated(span) || isFirstOfStream(span) ? undefined : toCount(value);
}

type Span = ReadContext['span'];

/** Models whose tokens `@opentelemetry/instrumentation-aws-sdk` (0.79) takes to be a sixth of the characters. */
const COUNTED_BY_LENGTH = /cohere\.command|mistral\./;

/** Traceloop's OpenAI instrumentation (0.22 to 0.27) takes image tokens from a table of sizes instead of the answer. */
function isEstimated(span: Span): boolean {
  const type = span.attributes['gen_ai.request.type'];
  if (typeof type === 'string') return type.startsWith('image_');
  return isInvokeModel(span) && COUNTED_BY_LENGTH.test(modelOf(span));
}

/** The AWS instrumentation (0.79) reads the usage of a Claude stream at its start, where only a token or so is counted. */
function isFirstOfStream(span: Span): boolean {
  return (
    isInvokeModel(span) &&
    span.attributes[ATTR_RPC_METHOD] === 'InvokeModelWithResponseStream' &&
    modelOf(span).includes('anthropic.claude')
  );
}

function isInvokeModel(span: Span): boolean {
  const method = span.attributes[ATTR_RPC_METHOD];
  return (
    typeof method === 'string' && method.startsWith('InvokeModel') && span.scope.name.includes('aws-sdk')
  );
}

function modelOf(span: Span): string {
  return toModelName(span.attributes['gen_ai.request.model']) ?? '';
}
