import { setMaxListeners } from 'node:events';

/**
 * An abort controller for any number of requests at a time. Node warns of a leak from the eleventh listener on; ours
 * are taken away when their request is over.
 */
export function createQuietAbort(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
