/** To be raised when the shape of something shared changes, so that copies of different shapes leave each other alone. */
const STATE_VERSION = 1;
/**
 * State that all copies of this package in a process share: the ES module and the CommonJS module of one version, copies inlined
 * by a bundler, different versions in nested `node_modules`.
 * @param name of the state, the same in all copies
 * @param create makes it, in the copy that comes first
 */
export function processState(name, create) {
  const key = Symbol.for(`posthog-llm-exporter.${name}.v${STATE_VERSION}`);
  const shared = globalThis;
  shared[key] ??= create();
  return shared[key];
}
