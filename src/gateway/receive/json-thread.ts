import { Worker } from 'node:worker_threads';

/** A thread that parses large OTLP/JSON requests, one after the other. */
export interface JsonThread {
  /** Never rejects. `error` is the message of the engine, which quotes the document. */
  parse(body: Buffer): Promise<ParsedInThread>;
}

export type ParsedInThread = { readonly documents: unknown[] } | { readonly error: string };

type FromThread = { readonly piece: unknown } | { readonly end: true } | { readonly error: string };

/** About so much of a document is copied from the thread in one go. */
const PIECE_BYTES = 512 * 1024;

/**
 * Runs in the thread: parses a body and hands out the document in pieces of some spans or log records, one for each
 * message that asks for it, so that the copies between the threads never hold the event loop for long.
 */
const THREAD_SOURCE = `
const { parentPort } = require('node:worker_threads');
let pieces;
parentPort.on('message', ({ body }) => {
  try {
    if (body) pieces = piecesOf(JSON.parse(Buffer.from(body).toString('utf8')), body.byteLength);
    const { value, done } = pieces.next();
    parentPort.postMessage(done ? { end: true } : { piece: value });
  } catch (error) {
    parentPort.postMessage({ error: String(error && error.message) });
  }
});
function* piecesOf(document, bytes) {
  for (const [resources, scopes, items] of [
    ['resourceSpans', 'scopeSpans', 'spans'],
    ['resourceLogs', 'scopeLogs', 'logRecords'],
  ]) {
    if (!Array.isArray(document?.[resources])) continue;
    const groups = [];
    for (const each of document[resources])
      for (const scope of Array.isArray(each?.[scopes]) ? each[scopes] : [])
        if (Array.isArray(scope?.[items])) groups.push({ each, scope });
    const count = groups.reduce((sum, { scope }) => sum + scope[items].length, 0);
    const size = Math.max(1, Math.floor((${PIECE_BYTES} * count) / bytes));
    for (const { each, scope } of groups)
      for (let at = 0; at < scope[items].length; at += size)
        yield {
          [resources]: [
            { ...each, [scopes]: [{ ...scope, [items]: scope[items].slice(at, at + size) }] },
          ],
        };
    return;
  }
  yield Array.isArray(document) || typeof document !== 'object' ? document : {};
}`;

/** The thread is started for the first body, and does not keep the process. */
export function createJsonThread(): JsonThread {
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const run = async (body: Buffer): Promise<ParsedInThread> => {
    worker ??= start();
    const documents: unknown[] = [];
    let answer = await ask(worker, { body });
    for (;;) {
      if ('error' in answer) return answer;
      if ('end' in answer) return { documents };
      documents.push(answer.piece);
      answer = await ask(worker, {});
    }
  };
  const start = (): Worker => {
    const started = new Worker(THREAD_SOURCE, { eval: true });
    started.unref();
    started.once('exit', () => {
      if (worker === started) worker = undefined;
    });
    return started;
  };

  return {
    parse(body) {
      const parsed = last.then(() => run(body));
      last = parsed;
      return parsed;
    },
  };
}

/** Resolves with an error when the thread ends, for example for want of memory. */
function ask(worker: Worker, request: { readonly body?: Buffer }): Promise<FromThread> {
  return new Promise((resolve) => {
    const onMessage = (message: FromThread): void => finish(message);
    const onExit = (): void => finish({ error: 'the parsing thread ended' });
    const onError = (error: Error): void => finish({ error: error.message });
    const finish = (answer: FromThread): void => {
      worker.off('message', onMessage);
      worker.off('exit', onExit);
      worker.off('error', onError);
      resolve(answer);
    };
    worker.on('message', onMessage);
    worker.on('exit', onExit);
    worker.on('error', onError);
    worker.postMessage(request);
  });
}
