const IMPORT = /^import (\* as )?([\w$]+|\{[^}]*\}) from "node:http";$/gm;
const WHOLE = 'process.getBuiltinModule("node:http")';

/**
 * In ES modules, takes `node:http` as `require` would. An `import` of it reads each of its exports, of which `WebSocket`, from
 * Node 22 on, loads the undici that is inside of Node: 40 ms of CPU time (Node 24) for nothing that this package uses.
 */
export function plainHttp() {
  return {
    name: 'plain-http',
    renderChunk(code) {
      const changed = code.replaceAll(IMPORT, (_, isWhole, names) =>
        isWhole
          ? `const ${names} = { default: ${WHOLE} };`
          : `const ${names.replaceAll(' as ', ': ')} = ${WHOLE};`,
      );
      return changed === code ? undefined : { code: changed, map: null };
    },
  };
}
