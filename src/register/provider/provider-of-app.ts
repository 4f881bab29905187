import {
  type ContextAPI,
  type ContextManager,
  context,
  type TraceAPI,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import type { ModulesOfApp } from '../modules-of-app.ts';
import { onForeignRegistration } from './on-foreign-registration.ts';

const API = '@opentelemetry/api';

/** Packages of SDKs that may bring a copy of the API of their own. */
const SDKS: readonly string[] = [
  '@opentelemetry/sdk-node',
  '@opentelemetry/sdk-trace-node',
  '@opentelemetry/sdk-trace-base',
  '@sentry/node',
  '@vercel/otel',
];

interface Api {
  readonly trace: TraceAPI;
  readonly context: ContextAPI;
}

/**
 * OpenTelemetry's API keeps the provider and the context manager that are registered first, and refuses the
 * application's own with a log line that is not shown. While ours are registered, what the application registers takes
 * their place instead.
 *
 * @param onProvider called once, after the application's provider is in force
 * @param onRefused the application could not register its provider, and does not know
 * @returns takes ours out of force, as far as they still are
 */
export function onProviderOfApp(
  places: readonly ModulesOfApp[],
  onProvider: (provider: TracerProvider) => void,
  onRefused: () => void,
): () => void {
  let isOurProvider = true;
  let isOurContextManager = true;
  const restorations: (() => void)[] = [];
  const registerHere = trace.setGlobalTracerProvider.bind(trace);
  for (const api of apisOf(places)) {
    const setProvider = api.trace.setGlobalTracerProvider.bind(api.trace);
    const setManager = api.context.setGlobalContextManager.bind(api.context);
    const forProvider = (provider: TracerProvider) => {
      const wasOurs = isOurProvider;
      isOurProvider = false;
      if (wasOurs) trace.disable();
      // The API refuses a copy of another version than the first one, through which it can be registered all the same.
      const isRegistered = setProvider(provider) || (wasOurs && registerHere(provider));
      if (wasOurs) onProvider(provider);
      return isRegistered;
    };
    const forManager = (manager: ContextManager) => {
      if (isOurContextManager) context.disable();
      isOurContextManager = false;
      return setManager(manager);
    };
    restorations.push(
      replaceMethod(api.trace, 'setGlobalTracerProvider', forProvider),
      replaceMethod(api.context, 'setGlobalContextManager', forManager),
    );
  }
  restorations.push(
    onForeignRegistration({
      onProvider: (provider) => {
        if (!isOurProvider) return;
        isOurProvider = false;
        onProvider(provider);
      },
      onRefused,
    }),
  );
  return () => {
    for (const restore of restorations) restore();
    if (isOurProvider) trace.disable();
    if (isOurContextManager) context.disable();
    isOurProvider = false;
    isOurContextManager = false;
  };
}

/** The copies of the API that are installed and through which the application may register something; usually there is one. */
function apisOf(places: readonly ModulesOfApp[]): Iterable<Api> {
  const apis = new Map<object, Api>([[trace, { trace, context }]]);
  for (const place of places) {
    for (const from of [place, ...SDKS.map((sdk) => place.below(sdk))]) {
      const api = from && loadApi(from);
      if (api) apis.set(api.trace, api);
    }
  }
  return apis.values();
}

function loadApi(place: ModulesOfApp): Api | undefined {
  try {
    return place.folderOf(API) === undefined ? undefined : (place.load(API) as unknown as Api);
  } catch {
    return undefined;
  }
}

/** On the one object, so that taking it away brings the method of its class back. */
function replaceMethod<T extends object, N extends keyof T>(target: T, name: N, method: T[N]): () => void {
  Object.defineProperty(target, name, { value: method, configurable: true, writable: true });
  return () => {
    Reflect.deleteProperty(target, name);
  };
}
