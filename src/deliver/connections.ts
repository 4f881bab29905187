import type { Socket } from 'node:net';
import type { Agent, EnvHttpProxyAgent } from 'undici';
import { hasEnvironmentProxy } from './environment-proxy.ts';
import type { HttpDispatcher } from './http-dispatcher.ts';

/** The connections of one exporter. */
export interface Connections {
  /** Runs one request; what makes it is chosen anew each time. */
  use<T>(work: (dispatcher: HttpDispatcher) => Promise<T>): Promise<T>;
  /** Ends every connection of our own, those that are still being made as well. */
  close(): void;
}

export interface ConnectionsOptions {
  /** Of the application; never closed. */
  readonly dispatcher: HttpDispatcher | undefined;
  readonly maxConnections: number;
  /** Milliseconds after which a connection is given up that has not been made. */
  readonly connectTimeoutMs: number;
}

/**
 * The dispatcher of the application: the given one, else undici's global one when it was set. Where the global one is as
 * undici makes it, connections of our own are used (through the proxies that the environment names): only those can be ended while they are being made, so that a host
 * that never answers does not hold up the end of the process.
 */
export function createConnections(options: ConnectionsOptions): Connections {
  const { dispatcher, maxConnections, connectTimeoutMs } = options;
  const connecting = new Set<Socket>();
  let own: Promise<Agent | EnvHttpProxyAgent> | undefined;
  let underWay = 0;

  const makeOwn = async (): Promise<Agent | EnvHttpProxyAgent> => {
    // At the first request: it takes longer to load than everything else of this package together.
    const undici = await import('undici');
    // HTTP_PROXY, HTTPS_PROXY and NO_PROXY hold as they do for other programs.
    if (hasEnvironmentProxy()) return new undici.EnvHttpProxyAgent({ connections: maxConnections });
    const connect = undici.buildConnector({ timeout: connectTimeoutMs });
    return new undici.Agent({
      connections: maxConnections,
      connect: (target, callback) => {
        // The connector returns the socket, which its type does not say.
        const socket = connect(target, (...result) => {
          connecting.delete(socket);
          callback(...result);
        }) as unknown as Socket;
        connecting.add(socket);
        return socket;
      },
    });
  };
  const endConnecting = (): void => {
    for (const socket of connecting) socket.destroy();
    connecting.clear();
  };
  const choose = (): HttpDispatcher | Promise<HttpDispatcher> => {
    if (dispatcher) return dispatcher;
    const global = (globalThis as { readonly [key: symbol]: unknown })[GLOBAL_DISPATCHER];
    if (isDispatcher(global) && !isAsMade(global)) return global;
    own ??= makeOwn();
    return own;
  };
  return {
    use: async (work) => {
      underWay += 1;
      try {
        return await work(await choose());
      } finally {
        underWay -= 1;
        // undici goes on connecting for a request that was given up.
        if (underWay === 0) endConnecting();
      }
    },
    close: () => {
      endConnecting();
      void own?.then((agent) => agent.destroy()).catch(() => {});
      own = undefined;
    },
  };
}

/** Where every version of undici, and Node itself, keeps it. */
const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');

interface GlobalDispatcher extends HttpDispatcher {
  readonly dispatch: unknown;
  readonly closed?: boolean;
  readonly destroyed?: boolean;
  readonly [option: symbol]: unknown;
}

function isDispatcher(value: unknown): value is GlobalDispatcher {
  return typeof value === 'object' && value !== null && 'dispatch' in value && 'request' in value;
}

/** Whether a global dispatcher is the one that undici makes when no other is set: an agent without any option. */
function isAsMade(agent: GlobalDispatcher): boolean {
  // One that was closed can send nothing; it was not meant for us.
  if (agent.closed || agent.destroyed) return true;
  const prototype = Object.getPrototypeOf(agent) as GlobalDispatcher;
  // A proxy agent, a mock, or an agent with interceptors.
  if (agent.constructor.name !== 'Agent' || agent.dispatch !== prototype.dispatch) return false;
  const key = Object.getOwnPropertySymbols(agent).find(({ description }) => description === 'options');
  const options = key && agent[key];
  if (typeof options !== 'object' || options === null) return false;
  return Object.values(options).every((value) => value === undefined || value === Number.POSITIVE_INFINITY);
}
