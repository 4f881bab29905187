import { PostHogTraceExporter } from '@posthog/ai/otel';

export function createExporter(url, compression) {
  process.env.OTEL_EXPORTER_OTLP_COMPRESSION = compression;
  return new PostHogTraceExporter({ projectToken: 'phc_bench', host: url });
}
