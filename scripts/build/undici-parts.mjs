/**
 * What the source imports of undici. The package's main file would bring fetch, WebSocket, mocks and caches as well, and would
 * make an agent of this package the global one of the application, its `fetch` included. What only proxies and the command
 * line use runs when it is called.
 */
const PARTS = `
import request_ from 'undici/lib/api/api-request.js';
import buildConnector from 'undici/lib/core/connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';

// As undici's main file does.
Object.assign(Dispatcher.prototype, {
  request: request_,
  // By which a proxy is asked for a tunnel.
  connect(...given) { return require('undici/lib/api/api-connect.js').apply(this, given); },
});

/** undici's own, for the one form that the source uses. */
export function request(url, { dispatcher = getGlobalDispatcher(), ...options }) {
  const { origin, pathname, search } = new URL(url);
  return request_.call(dispatcher, { ...options, origin, path: pathname + search });
}

export function EnvHttpProxyAgent(...given) {
  return new (require('undici/lib/dispatcher/env-http-proxy-agent.js'))(...given);
}
export function getGlobalDispatcher() { return require('undici/lib/global.js').getGlobalDispatcher(); }
export function setGlobalDispatcher(agent) { require('undici/lib/global.js').setGlobalDispatcher(agent); }

export { Agent, buildConnector };
`;

/** Files that are never reached here, and are left out with all that only they load. */
const NOT_USED = "() => { throw new Error('not used') }";
const LEFT_OUT = {
  // HTTP/2, which no agent of ours offers to a server; `node:http2` alone takes 4 ms to load (Node 20), or 17 (Node 24).
  'lib/dispatcher/client-h2.js': `module.exports = ${NOT_USED};`,
  // fetch, for bodies that are a FormData; ours are bytes.
  'lib/web/fetch/body.js': `exports.extractBody = ${NOT_USED};`,
  // The parser of answers a second time, with SIMD. Where it cannot be loaded, undici takes the one without.
  'lib/llhttp/llhttp_simd-wasm.js': "throw new Error('not used');",
};

const VIRTUAL_ID = '\0undici-parts';

/** Replaces undici by the parts that are used. */
export function undiciParts() {
  const missing = new Set(Object.keys(LEFT_OUT));
  return {
    name: 'undici-parts',
    resolveId: (id) => (id === 'undici' ? VIRTUAL_ID : undefined),
    load(id) {
      if (id === VIRTUAL_ID) return { code: PARTS, moduleSideEffects: true };
      const file = /node_modules[\\/]undici[\\/](.*)$/.exec(id)?.[1]?.replaceAll('\\', '/');
      if (file === undefined || !Object.hasOwn(LEFT_OUT, file)) return undefined;
      missing.delete(file);
      return LEFT_OUT[file];
    },
    buildEnd(error) {
      if (!error && missing.size > 0) this.error(`undici does not load ${[...missing].join(', ')} any more`);
    },
  };
}
