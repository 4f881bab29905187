import type { OtlpSignal } from './otlp-answer.ts';

export interface ReceivingRoute {
  readonly path: string;
  readonly methods: readonly string[];
  readonly signal: OtlpSignal;
  readonly transport: 'http' | 'openrouter';
}

/**
 * What is received over HTTP. OpenRouter posts to the address of a destination as it stands, by POST or PUT, so that its
 * destinations may point at either path for spans.
 */
export const RECEIVING_ROUTES: readonly ReceivingRoute[] = [
  { path: '/v1/traces', methods: ['POST', 'PUT'], signal: 'traces', transport: 'http' },
  { path: '/v1/logs', methods: ['POST', 'PUT'], signal: 'logs', transport: 'http' },
  { path: '/v1/metrics', methods: ['POST', 'PUT'], signal: 'metrics', transport: 'http' },
  { path: '/openrouter', methods: ['POST', 'PUT'], signal: 'traces', transport: 'openrouter' },
];

/** The route of a request, or what to say instead. A slash at the end and a query are ignored. */
export function routeOf(url: string): ReceivingRoute | undefined {
  const path = url.split('?', 1)[0]?.replace(/\/+$/, '') ?? '';
  return RECEIVING_ROUTES.find((route) => route.path === path);
}

/** For a request to any other path, for example to `/`. */
export const WRONG_PATH = `Nothing is received here. Point OTEL_EXPORTER_OTLP_ENDPOINT at this address without a path; received are ${RECEIVING_ROUTES.map(({ path }) => path).join(', ')}.`;
