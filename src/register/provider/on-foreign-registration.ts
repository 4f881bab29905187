import type { ProxyTracerProvider, TracerProvider } from '@opentelemetry/api';

/** Where all copies of OpenTelemetry's API keep what is registered. */
const GLOBAL_API = Symbol.for('opentelemetry.js.api.1');

/** An SDK registers itself when it starts; who asks for a tracer with each request shall not pay for this for ever. */
const MAX_READS = 1_000;

/** Frames between a read of the global and the method that was called. */
const FRAMES = 6;

interface ForeignRegistration {
  /** Called with a provider that is in force from now on. */
  readonly onProvider: (provider: TracerProvider) => void;
  /** A copy of another version was refused by OpenTelemetry's API: all copies that register must be of one version. */
  readonly onRefused: () => void;
}

/**
 * A bundle of the application may hold a copy of the API of its own, whose methods cannot be reached. It registers its
 * provider in the same global, and gives up without a word where one is: it shall find none while ours is there.
 * @returns takes it back
 */
export function onForeignRegistration({ onProvider, onRefused }: ForeignRegistration): () => void {
  const api = (globalThis as { readonly [key: symbol]: unknown })[GLOBAL_API];
  if (typeof api !== 'object' || api === null || !('trace' in api)) return () => {};
  const ours = api.trace;
  let reads = 0;
  const settle = (value: unknown) => {
    Object.defineProperty(api, 'trace', { value, writable: true, configurable: true, enumerable: true });
  };
  const isOurs = () => Object.getOwnPropertyDescriptor(api, 'trace')?.get === read;
  const read = (): unknown => {
    if (++reads > MAX_READS) settle(ours);
    else if (isRegistering()) {
      queueMicrotask(() => {
        if (!isOurs()) return;
        settle(ours);
        onRefused();
      });
      return undefined;
    }
    return ours;
  };
  const take = (registered: unknown): void => {
    settle(registered);
    if (registered !== ours && isProxy(registered)) whenDelegated(registered, onProvider);
  };
  Object.defineProperty(api, 'trace', { get: read, set: take, configurable: true, enumerable: true });
  return () => {
    if (isOurs()) settle(ours);
  };
}

/** Whether the API reads the global in order to register a provider; others read it for each tracer. */
function isRegistering(): boolean {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = FRAMES;
    // Without the text of a stack, which is slow where source maps are in use.
    Error.prepareStackTrace = (_error, frames) => frames;
    const { stack } = new Error() as { stack?: unknown };
    if (!Array.isArray(stack)) return false;
    return (stack as NodeJS.CallSite[]).some(
      // Not minified: it is a name of the API's interface.
      (frame) => frame.getFunctionName()?.endsWith('setGlobalTracerProvider') ?? false,
    );
  } catch {
    return false;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function isProxy(value: unknown): value is ProxyTracerProvider {
  return typeof (value as Partial<ProxyTracerProvider> | undefined)?.setDelegate === 'function';
}

/** The API registers a proxy and then says what stands behind it. */
function whenDelegated(proxy: ProxyTracerProvider, onProvider: (provider: TracerProvider) => void): void {
  const setDelegate = proxy.setDelegate.bind(proxy);
  proxy.setDelegate = (provider) => {
    Reflect.deleteProperty(proxy, 'setDelegate');
    setDelegate(provider);
    onProvider(provider);
  };
}
