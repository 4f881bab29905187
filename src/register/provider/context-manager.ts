import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, type ContextManager, ROOT_CONTEXT } from '@opentelemetry/api';

/** Carries OpenTelemetry contexts through asynchronous code, as the Node SDK's own manager does. */
export function createContextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (context, fn, thisArg, ...args) => storage.run(context, () => fn.apply(thisArg as never, args)),
    bind: (context, target) => (typeof target === 'function' ? bound(storage, context, target) : target),
    enable: () => manager,
    disable: () => {
      storage.disable();
      return manager;
    },
  };
  return manager;
}

function bound<T>(storage: AsyncLocalStorage<Context>, context: Context, target: T): T {
  const original = target as (...args: unknown[]) => unknown;
  const wrapper = function (this: unknown, ...args: unknown[]) {
    return storage.run(context, () => original.apply(this, args));
  };
  Object.defineProperty(wrapper, 'length', { value: original.length, configurable: true });
  return wrapper as T;
}
