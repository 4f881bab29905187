import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtoExporter } from '@opentelemetry/exporter-trace-otlp-proto';

const options = (url) => ({ url: `${url}/v1/traces`, headers: { authorization: 'Bearer phc_bench' } });

export const createJson = (url) => new JsonExporter(options(url));
export const createProto = (url) => new ProtoExporter({ ...options(url), compression: 'gzip' });
