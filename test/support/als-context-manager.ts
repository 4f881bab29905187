import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, type ContextManager, context, ROOT_CONTEXT } from '@opentelemetry/api';

/** The context manager that every Node SDK registers, in small. */
export function registerContextManager(): void {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (ctx, fn, thisArg, ...args) => storage.run(ctx, () => fn.apply(thisArg as never, args)),
    bind: (ctx, target) =>
      typeof target === 'function'
        ? (Object.assign(
            (...args: unknown[]) => storage.run(ctx, () => (target as (...a: unknown[]) => unknown)(...args)),
            {},
          ) as typeof target)
        : target,
    enable() {
      return manager;
    },
    disable() {
      return manager;
    },
  };
  context.setGlobalContextManager(manager);
}
