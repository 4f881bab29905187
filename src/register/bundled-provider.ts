// The tracer provider that this package brings for applications without an OpenTelemetry SDK. The build makes this file a
// CommonJS file of its own, with the SDK inside; nothing else of this package loads code of the SDK.
export { resourceFromAttributes } from '@opentelemetry/resources';
export { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
