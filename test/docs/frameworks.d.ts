// What the blocks of the documentation use of packages that are not installed here. `npm run matrix` and `npm run check:init` build and
// start the real ones.
declare module 'next' {
  export interface NextConfig {
    serverExternalPackages?: string[];
  }
}
declare module 'next/server' {
  export function after(work: () => unknown): void;
}
declare module '@ai-sdk/otel' {
  export class OpenTelemetry {}
}
declare module '@sentry/node' {
  export function init(options: {
    dsn: string | undefined;
    tracesSampleRate: number;
    openTelemetrySpanProcessors?: import('@opentelemetry/sdk-trace-base').SpanProcessor[];
  }): void;
}
