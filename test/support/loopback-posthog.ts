import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import {
  checkBatch,
  decodeBody,
  isObject,
  type JsonObject,
  judgeKey,
  parseJson,
  plain,
  type RuleReply,
} from './loopback-rules.ts';
import { play, playEarly, type Scripted } from './loopback-script.ts';
import { SELF_SIGNED } from './self-signed.ts';

export type { Scripted } from './loopback-script.ts';

const MIB = 1024 * 1024;

export interface LoopbackOptions {
  /** `self-hosted`: a single capture process in mode `events`, which has no AI route. Default: `cloud`. */
  readonly mode?: 'cloud' | 'self-hosted';
  /** Keys that `/flags/` knows. Default: any well-formed key. */
  readonly knownKeys?: readonly string[];
  /** Whether the batch routes refuse unknown keys as well; PostHog's do not by default. Default: `off`. */
  readonly captureKeyCheck?: 'off' | 'enforce';
  /** Largest event on the AI route. Default: 8 MiB. */
  readonly aiMaxEventBytes?: number;
  /** Largest event on `/batch/`. Default: 983,040 bytes. */
  readonly captureMaxEventBytes?: number;
  /** Largest body as sent. Default: 20 MiB. */
  readonly maxWireBytes?: number;
  /** Served with a certificate that nobody trusts. Default: plain HTTP. */
  readonly tls?: 'self-signed';
  /** Decides for each request, by its number from 0, what happens instead of the rules. */
  readonly respond?: (request: RecordedRequest, index: number) => Scripted | undefined;
}

export interface RecordedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came over the wire. */
  readonly wire: Buffer;
  /** Decompressed; `undefined` when it could not be. */
  readonly body: Buffer | undefined;
  /** `body` as JSON; `undefined` when it is none. */
  readonly json: unknown;
  /** Events of the batch; empty when the body is no batch. */
  readonly events: readonly JsonObject[];
}

export interface LoopbackPostHog {
  /** Without trailing slash. */
  readonly url: string;
  /** All requests whose body arrived. */
  readonly requests: readonly RecordedRequest[];
  /** Events that were accepted by the rules, in order of arrival. */
  readonly events: readonly JsonObject[];
  /** Connections that were opened. */
  readonly connections: number;
  /** Queues what happens to the next requests, one entry each; `undefined` lets one pass to the rules. */
  script(...next: readonly (Scripted | undefined)[]): void;
  close(): Promise<void>;
}

/** A real HTTP server on a free local port that enforces PostHog's real ingestion rules and records requests. */
export async function startLoopbackPostHog(options: LoopbackOptions = {}): Promise<LoopbackPostHog> {
  const requests: RecordedRequest[] = [];
  const events: JsonObject[] = [];
  const queue: (Scripted | undefined)[] = [];

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const queued = queue.shift();
    if (playEarly(queued, incoming) === 'finished') {
      return;
    }
    const request = await record(incoming);
    const index = requests.push(request) - 1;
    const obey = (): void => {
      const reply = judge(request, options);
      if (reply.status === 200) {
        events.push(...request.events);
      }
      response.writeHead(reply.status, { 'content-type': reply.contentType }).end(reply.body);
    };
    const scripted = queued ?? options.respond?.(request, index);
    if (scripted === undefined) {
      obey();
    } else {
      play(scripted, response, obey);
    }
  };
  const listener = (incoming: IncomingMessage, response: ServerResponse): void => {
    handle(incoming, response).catch(() => response.destroy());
  };
  const server =
    options.tls === undefined ? createHttpServer(listener) : createHttpsServer({ ...SELF_SIGNED }, listener);
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests,
    events,
    get connections() {
      return connections;
    },
    script: (...next) => {
      queue.push(...next);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function record(incoming: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    chunks.push(chunk);
  }
  const wire = Buffer.concat(chunks);
  const body = decodeBody(wire, incoming.headers['content-encoding']);
  const json = parseJson(body);
  const batch = isObject(json) && Array.isArray(json['batch']) ? json['batch'] : [];
  const { method = '', url: path = '', headers } = incoming;
  return { method, path, headers, wire, body, json, events: batch.filter(isObject) };
}

function judge(request: RecordedRequest, options: LoopbackOptions): RuleReply {
  const knownKeys = options.knownKeys === undefined ? undefined : new Set(options.knownKeys);
  const path = request.path.replace(/\?.*$/, '').replace(/\/$/, '');
  const isAiRoute = path === '/i/v0/ai/batch';
  if (path === '/flags') {
    return judgeFlags(request, knownKeys);
  }
  if ((isAiRoute && options.mode === 'self-hosted') || !(isAiRoute || path === '/batch')) {
    return plain(404, '');
  }
  if (request.method !== 'POST') {
    return plain(405, '');
  }
  if (request.wire.length > (options.maxWireBytes ?? 20 * MIB)) {
    return plain(413, 'payload too large');
  }
  return checkBatch(request.json, {
    maxEventBytes: isAiRoute
      ? (options.aiMaxEventBytes ?? 8 * MIB)
      : (options.captureMaxEventBytes ?? 983_040),
    knownKeys: options.captureKeyCheck === 'enforce' ? knownKeys : undefined,
    eventNames: isAiRoute ? 'ai-only' : 'any',
  });
}

function judgeFlags(
  { method, json }: RecordedRequest,
  knownKeys: ReadonlySet<string> | undefined,
): RuleReply {
  if (method !== 'POST' || !isObject(json)) {
    return plain(400, 'request body is not valid JSON');
  }
  const keyProblem = judgeKey(json['token'] ?? json['api_key'] ?? json['$token'], knownKeys);
  if (keyProblem !== undefined) {
    return plain(401, keyProblem);
  }
  if (typeof json['distinct_id'] !== 'string' || json['distinct_id'].trim() === '') {
    return plain(400, 'missing distinct_id');
  }
  const body = {
    flags: {},
    errorsWhileComputingFlags: false,
    requestId: '00000000-0000-4000-8000-000000000000',
  };
  return { status: 200, contentType: 'application/json', body: JSON.stringify(body) };
}
