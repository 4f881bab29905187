import { context, ProxyTracerProvider, type TracerProvider, trace } from '@opentelemetry/api';
import type { SpanProcessorLike } from '../../translate/span/sdk-types.ts';
import type { ModulesOfApp } from '../modules-of-app.ts';
import { createContextManager } from './context-manager.ts';
import { HandoverProvider } from './handover-provider.ts';
import { makeProvider } from './make-provider.ts';
import { onProviderOfApp } from './provider-of-app.ts';

/** How the processors came to their spans. */
export type AttachmentType =
  | 'own-provider'
  | 'existing-provider'
  /** There is a provider, and it takes no further processors. */
  | 'closed-provider'
  /** There is a provider, and an exporter of ours that the application has made itself. */
  | 'application-sends'
  | 'no-sdk';

export interface Attachment {
  readonly type: AttachmentType;
  /** The provider that was made; it passes everything on to the application's, once there is one. */
  readonly provider?: HandoverProvider;
  /** Takes a provider that was made out of force, unless the application's has taken its place. */
  detach(): void;
}

/** What became of processors that met the application's provider. */
export type JoinType = Exclude<AttachmentType, 'own-provider' | 'no-sdk'>;

/** What became of ours when the application registered one: it may be refused, by a rule of OpenTelemetry's API. */
export type HandoverType = JoinType | 'refused';

export interface AttachSettings {
  readonly processors: readonly SpanProcessorLike[];
  /** Where the application's packages are, nearest first. */
  readonly places: readonly ModulesOfApp[];
  readonly env: NodeJS.ProcessEnv;
  /** The application has registered a provider of its own after ours, which has stepped aside. */
  readonly onHandover: (attachment: HandoverType) => void;
  /** Whether the application has exporters of ours besides those of the processors: then each call would be sent twice. */
  readonly applicationSends: () => boolean;
}

/**
 * Puts the processors into the provider that is registered, or registers one that has them. The application's tracing
 * comes first, before us or after: when it registers a provider later, ours steps aside, and the processors move over
 * where its SDK takes them.
 */
export function attach(settings: AttachSettings): Attachment {
  const { processors, places, env, onHandover } = settings;
  const existing = registeredProvider();
  if (existing) return { type: join(existing, settings), detach: () => {} };
  const made = makeProvider(processors, places, env);
  if (!made) return { type: 'no-sdk', detach: () => {} };
  const provider = new HandoverProvider(made);
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(createContextManager());
  const onProvider = (ofApp: TracerProvider) => {
    const joined = join(ofApp, settings);
    provider.handOver(ofApp);
    onHandover(joined);
  };
  const detach = onProviderOfApp(places, onProvider, () => onHandover('refused'));
  return { type: 'own-provider', provider, detach };
}

/** SDK 1.x takes processors at any time; later majors when a provider is made and never again. */
function join(provider: TracerProvider, { processors, applicationSends }: AttachSettings): JoinType {
  if (applicationSends()) return 'application-sends';
  const { addSpanProcessor } = provider as { addSpanProcessor?: (added: SpanProcessorLike) => void };
  if (typeof addSpanProcessor !== 'function') return 'closed-provider';
  for (const processor of processors) addSpanProcessor.call(provider, processor);
  return 'existing-provider';
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
