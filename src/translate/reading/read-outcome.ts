import { foldFinishReason } from '../call/finish-reason.ts';
import { type CallKind, isModelCall, type LlmCall } from '../call/llm-call.ts';
import type { Message } from '../call/messages.ts';
import { isRecord } from '../messages/recorded-json.ts';
import type { FieldReader } from './field-reader.ts';

/** How a call ended: why the model stopped, or what failed. */
export function readOutcome(
  reader: FieldReader,
  { kind, output, outputState }: Pick<LlmCall, 'kind' | 'output' | 'outputState'>,
): Pick<LlmCall, 'finishReason' | 'error' | 'httpStatus'> {
  const word = folded(reader.get('finishReason')) ?? folded(lastFinishReason(reader));
  const hasAnswer = output?.some(({ parts }) => parts.length > 0) === true;
  // Some leave the span's status alone when the call fails, others write `error` beside an answer that came.
  const endedInError = word === 'error' && !hasAnswer;
  const error =
    withoutCancellation(readError(reader, hasAnswer), kind) ??
    (kind === 'tool' ? failureIn(outputState) : undefined) ??
    (endedInError ? { type: undefined, message: undefined } : undefined);
  const status = reader.get('httpStatus');
  return {
    finishReason: word === 'error' && hasAnswer && error === undefined ? undefined : reasonOf(word, output),
    error,
    // A stream that broke off began with a 200.
    httpStatus: error !== undefined && status !== undefined && status < 400 ? undefined : status,
  };
}

/** A run that was stopped, as frameworks of Python stop their own at the end, has not failed. */
function withoutCancellation(error: LlmCall['error'], kind: CallKind): LlmCall['error'] {
  const isRun = !isModelCall(kind) && kind !== 'tool';
  return isRun && /(?:^|\.)CancelledError$/.test(error?.type ?? '') ? undefined : error;
}

/** Tools that answer in an envelope say there that they failed. */
function failureIn(result: unknown): LlmCall['error'] {
  if (!isRecord(result)) return undefined;
  const { status, is_error: isError, isError: isErrorToo, message } = result;
  if (status !== 'error' && isError !== true && isErrorToo !== true) return undefined;
  return { message: typeof message === 'string' ? message : undefined };
}

function folded(reason: string | undefined): string | undefined {
  return reason === undefined ? undefined : foldFinishReason(reason);
}

/** An answer that asks for tools ended with that, whatever word its emitter has for every end. */
function reasonOf(word: string | undefined, output: readonly Message[] | undefined): string | undefined {
  const asksForTools = word === 'stop' && output?.at(-1)?.parts.at(-1)?.type === 'tool_call';
  return asksForTools ? 'tool_calls' : word;
}

/** An exception that was handled, on a span that has its whole answer and no error status, is no failure of the call. */
function readError(reader: FieldReader, isComplete: boolean): LlmCall['error'] {
  const type = reader.get('errorType');
  const message = () => reader.get('errorMessage');
  if (reader.get('isError') === true) return { type, message: message() };
  if (type === undefined) return undefined;
  const isSign =
    reader.span.attributes['error.type'] !== undefined ||
    reader.dialects.some(({ exceptionsAreFailures }) => exceptionsAreFailures === true);
  return isComplete && !isSign ? undefined : { type, message: message() };
}

function lastFinishReason(reader: FieldReader): string | undefined {
  return reader.get('outputMessages')?.findLast(({ finishReason }) => finishReason)?.finishReason;
}
