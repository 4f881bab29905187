import { isRecord } from '../../json/is-record.ts';
import { createJsonThread } from './json-thread.ts';
import type { Refusal } from './otlp-answer.ts';

/**
 * From this size on a body is parsed in a thread of its own. Parsing takes 5 to 20 ns a byte, so that the event loop is
 * not held for more than about 40 ms; below it the thread would cost more than it saves.
 */
const THREAD_BYTES = 2 * 1024 * 1024;

const thread = createJsonThread();

/**
 * A JSON body as one or several OTLP documents, which together hold what the body holds. An empty body is an empty
 * request, as senders test a connection with it. Never rejects.
 */
export async function parseJsonBody(body: Buffer): Promise<readonly object[] | Refusal> {
  if (body.length === 0) return [];
  const parsed = body.length < THREAD_BYTES ? parseHere(body) : await thread.parse(body);
  if ('error' in parsed) return notJson(parsed.error);
  return parsed.documents.every(isRecord)
    ? parsed.documents
    : { reason: 'bad-request', message: 'The body is JSON, but no object; an OTLP request is one.' };
}

function parseHere(body: Buffer): { documents: unknown[] } | { error: string } {
  try {
    return { documents: [JSON.parse(body.toString('utf8'))] };
  } catch (error) {
    return { error: error instanceof Error ? error.message : '' };
  }
}

/** The engine's message quotes the document, so only the position is given. */
function notJson(message: string): Refusal {
  const position = /position (\d+)/.exec(message)?.[1];
  const where = position === undefined ? '' : ` at character ${position}`;
  return { reason: 'bad-request', message: `The body is no JSON${where}.` };
}
