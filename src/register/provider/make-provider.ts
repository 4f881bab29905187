import type { TracerProvider } from '@opentelemetry/api';
import type { SpanProcessorLike } from '../../translate/span/sdk-types.ts';
import type { ModulesOfApp } from '../modules-of-app.ts';
import { loadBundledProvider } from './load-bundled-provider.ts';
import { serviceAttributes } from './service-attributes.ts';

type Exports = Readonly<Record<string, unknown>>;
type ProviderClass = new (options: object) => TracerProvider;

/** Majors 1 and 2, then 3, which has another name. */
const SDK_PACKAGES: readonly string[] = ['@opentelemetry/sdk-trace-base', '@opentelemetry/sdk-trace'];

/**
 * Instrumentations write an attribute or two for each part of each message, and the SDK silently drops what comes after
 * the 128th: the answer first. What a process can afford is bounded in bytes, by the span processor.
 */
const SPAN_LIMITS: Readonly<Record<string, number>> = {
  attributeCountLimit: 65_536,
  eventCountLimit: 65_536,
  attributePerEventCountLimit: 1_024,
};

/** OpenTelemetry's own variables for the limits have the last word. */
const LIMIT_VARIABLES: Readonly<Record<string, readonly string[]>> = {
  attributeCountLimit: ['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'],
  eventCountLimit: ['OTEL_SPAN_EVENT_COUNT_LIMIT'],
  attributePerEventCountLimit: [
    'OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT',
    'OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT',
  ],
};

/**
 * A tracer provider with these processors: of the SDK that the application has installed, else of the one that this
 * package brings.
 * @param extra further options of the SDK's provider, such as a sampler
 * @returns `undefined` when there is neither
 */
export function makeProvider(
  processors: readonly SpanProcessorLike[],
  places: readonly ModulesOfApp[],
  env: NodeJS.ProcessEnv,
  extra: object = {},
): TracerProvider | undefined {
  for (const place of places) {
    for (const name of SDK_PACKAGES) {
      const made =
        place.folderOf(name) === undefined
          ? undefined
          : makeFrom(loaderOf(place, name), processors, env, extra);
      if (made) return made;
    }
  }
  return makeFrom(loadBundledProvider, processors, env, extra);
}

/** The SDK's exports together with those of the package of resources that it uses. */
function loaderOf(place: ModulesOfApp, name: string): () => Exports {
  return () => ({ ...resourcesOf(place.below(name)), ...place.load(name) });
}

function resourcesOf(sdk: ModulesOfApp | undefined): Exports {
  try {
    return sdk?.load('@opentelemetry/resources') ?? {};
  } catch {
    // Without a resource, spans have no service name; they are worth sending all the same.
    return {};
  }
}

/** An SDK that is broken, or of a major to come, is as good as none. */
function makeFrom(
  load: () => Exports | undefined,
  processors: readonly SpanProcessorLike[],
  env: NodeJS.ProcessEnv,
  extra: object,
): TracerProvider | undefined {
  try {
    const sdk = load() ?? {};
    const Provider = sdk['TracerProvider'] ?? sdk['BasicTracerProvider'];
    if (typeof Provider !== 'function') return undefined;
    return new (Provider as ProviderClass)({
      spanProcessors: processors,
      spanLimits: spanLimits(env),
      ...resourceOption(sdk, env),
      ...extra,
    });
  } catch {
    return undefined;
  }
}

function spanLimits(env: NodeJS.ProcessEnv): Readonly<Record<string, number>> {
  const isFree = (name: string) => LIMIT_VARIABLES[name]?.every((variable) => !env[variable]) ?? true;
  return Object.fromEntries(Object.entries(SPAN_LIMITS).filter(([name]) => isFree(name)));
}

/** The resource that the environment describes, in the form of the SDK's major. */
function resourceOption({ resourceFromAttributes, Resource }: Exports, env: NodeJS.ProcessEnv): object {
  const attributes = serviceAttributes(env);
  if (typeof resourceFromAttributes === 'function') return { resource: resourceFromAttributes(attributes) };
  if (typeof Resource !== 'function') return {};
  return { resource: new (Resource as new (given: object) => unknown)(attributes) };
}
