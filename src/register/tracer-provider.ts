import { context, ProxyTracerProvider, type TracerProvider, trace } from '@opentelemetry/api';
import type { SpanProcessorLike } from '../translate/span/sdk-types.ts';
import { createContextManager } from './context-manager.ts';
import type { ModulesOfApp } from './modules-of-app.ts';
import { serviceAttributes } from './service-attributes.ts';

/** How the processor came to its spans. */
export type Attachment =
  | { readonly type: 'own-provider' }
  | { readonly type: 'existing-provider' }
  /** There is a provider, and it takes no further processors. */
  | { readonly type: 'closed-provider' }
  | { readonly type: 'no-sdk' };

/** Puts the processor into the provider that is registered, or registers one that has it. */
export function attach(processor: SpanProcessorLike, places: readonly ModulesOfApp[]): Attachment {
  const existing = registeredProvider();
  if (existing) {
    // SDK 1.x; later majors take processors when they are made and never again.
    const { addSpanProcessor } = existing as { addSpanProcessor?: (added: SpanProcessorLike) => void };
    if (typeof addSpanProcessor !== 'function') return { type: 'closed-provider' };
    addSpanProcessor.call(existing, processor);
    return { type: 'existing-provider' };
  }
  const provider = makeProvider(processor, places);
  if (!provider) return { type: 'no-sdk' };
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(createContextManager());
  return { type: 'own-provider' };
}

/** The provider behind the API's proxy; the API's own placeholder is none. */
function registeredProvider(): TracerProvider | undefined {
  const registered = trace.getTracerProvider();
  const provider =
    registered instanceof ProxyTracerProvider || hasDelegate(registered)
      ? registered.getDelegate()
      : registered;
  return provider.constructor.name === 'NoopTracerProvider' ? undefined : provider;
}

function hasDelegate(provider: object): provider is ProxyTracerProvider {
  return typeof (provider as { getDelegate?: unknown }).getDelegate === 'function';
}

type ProviderClass = new (options: {
  spanProcessors: SpanProcessorLike[];
  resource?: unknown;
}) => TracerProvider;

/** Majors 1 and 2, then 3, which has another name. */
const SDK_PACKAGES: readonly string[] = ['@opentelemetry/sdk-trace-base', '@opentelemetry/sdk-trace'];

function makeProvider(
  processor: SpanProcessorLike,
  places: readonly ModulesOfApp[],
): TracerProvider | undefined {
  for (const place of places) {
    for (const name of SDK_PACKAGES) {
      if (place.folderOf(name) === undefined) continue;
      const { BasicTracerProvider, TracerProvider: Provider = BasicTracerProvider } = place.load(name);
      const options = { spanProcessors: [processor], ...resourceOption(place.below(name)) };
      if (typeof Provider === 'function') return new (Provider as ProviderClass)(options);
    }
  }
  return undefined;
}

/** The resource that the environment describes, in the form of the SDK's major. */
function resourceOption(sdk: ModulesOfApp | undefined): { readonly resource?: unknown } {
  try {
    const resources = sdk?.load('@opentelemetry/resources');
    const attributes = serviceAttributes(process.env);
    const { resourceFromAttributes, Resource } = resources ?? {};
    if (typeof resourceFromAttributes === 'function') return { resource: resourceFromAttributes(attributes) };
    if (typeof Resource === 'function') {
      return { resource: new (Resource as new (given: object) => unknown)(attributes) };
    }
  } catch {
    // Without a resource, spans have no service name; they are worth sending all the same.
  }
  return {};
}
