import type { IncomingMessage, ServerResponse } from 'node:http';

/** What the server does instead of obeying PostHog's rules. */
export type Scripted =
  | {
      readonly do: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** `on-request`: before the body is read. `mid-answer`: after status, headers and half of the body. */
  | { readonly do: 'reset'; readonly when: 'on-request' | 'mid-upload' | 'before-answer' | 'mid-answer' }
  /** Never answers. */
  | { readonly do: 'stall' }
  /** Status and headers, then never a body. */
  | { readonly do: 'stall-body' }
  /** The true answer, later. */
  | { readonly do: 'delay'; readonly ms: number }
  /** The true answer, when something has happened. */
  | { readonly do: 'wait'; readonly for: Promise<unknown> }
  /** A success whose body is shorter than its `content-length` says; then the connection ends. */
  | { readonly do: 'truncate' };

/** Some are acted on before the body is there. Returns whether the request is finished with. */
export function playEarly(scripted: Scripted | undefined, request: IncomingMessage): 'finished' | 'go-on' {
  if (scripted?.do !== 'reset') {
    return 'go-on';
  }
  if (scripted.when === 'on-request') {
    request.socket.resetAndDestroy();
    return 'finished';
  }
  if (scripted.when === 'mid-upload') {
    request.once('data', () => request.socket.resetAndDestroy());
    return 'finished';
  }
  return 'go-on';
}

/** Plays what comes after the request was read. `obey` gives the true answer. */
export function play(scripted: Scripted, response: ServerResponse, obey: () => void): void {
  switch (scripted.do) {
    case 'answer':
      response.writeHead(scripted.status, { ...scripted.headers }).end(scripted.body ?? '');
      return;
    case 'reset':
      if (scripted.when === 'mid-answer') {
        sendHalf(response, () => response.socket?.resetAndDestroy());
      } else {
        response.socket?.resetAndDestroy();
      }
      return;
    case 'stall':
      return;
    case 'stall-body':
      sendHalf(response, () => {});
      return;
    case 'delay':
      setTimeout(obey, scripted.ms).unref();
      return;
    case 'wait':
      void scripted.for.then(obey);
      return;
    case 'truncate':
      sendHalf(response, () => response.socket?.end());
  }
}

function sendHalf(response: ServerResponse, then: () => void): void {
  const body = '{"status":"Ok"}';
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.write(body.slice(0, body.length / 2), then);
}
