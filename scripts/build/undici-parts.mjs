/** What the source imports of undici. The package's main file would bring fetch, WebSocket, mocks and caches as well. */
const PARTS = `
import api from 'undici/lib/api/index.js';
import buildConnector from 'undici/lib/core/connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import { getGlobalDispatcher, setGlobalDispatcher } from 'undici/lib/global.js';

// As undici's main file does.
Object.assign(Dispatcher.prototype, api);

/** undici's own, for the one form that the source uses. */
export function request(url, { dispatcher = getGlobalDispatcher(), ...options }) {
  const { origin, pathname, search } = new URL(url);
  return api.request.call(dispatcher, { ...options, origin, path: pathname + search });
}

export { Agent, buildConnector, EnvHttpProxyAgent, getGlobalDispatcher, setGlobalDispatcher };
`;

const VIRTUAL_ID = '\0undici-parts';
const SQLITE = "() => require('node:sqlite')";

/**
 * Replaces undici by the parts that are used. Also takes away its way to `node:sqlite`, which only its cache has a use
 * for: bundlers of applications load such a `require` at the start, and Node 20 has no such module.
 */
export function undiciParts() {
  let isSqliteGone = false;
  return {
    name: 'undici-parts',
    resolveId: (id) => (id === 'undici' ? VIRTUAL_ID : undefined),
    load: (id) => (id === VIRTUAL_ID ? { code: PARTS, moduleSideEffects: true } : undefined),
    transform(code, id) {
      if (!/undici[\\/]lib[\\/]util[\\/]runtime-features\.js$/.test(id)) return undefined;
      if (!code.includes(SQLITE))
        this.error(`undici loads node:sqlite in another way; see ${import.meta.url}`);
      isSqliteGone = true;
      return { code: code.replace(SQLITE, "() => { throw new Error('not used') }"), map: null };
    },
    buildEnd(error) {
      if (!error && !isSqliteGone) this.error('undici has no lib/util/runtime-features.js any more');
    },
  };
}
