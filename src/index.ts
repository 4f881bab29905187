export type { CallError, CallKind, LlmCall, TraceMetadata } from './call/llm-call.ts';
export { type ConfigProblem, isPostHogLLMConfigError, PostHogLLMConfigError } from './config/config-error.ts';
export type { PostHogLLMSpanExporterOptions } from './config/options.ts';
export type { ConnectionResult } from './connection/connection-result.ts';
export { PostHogLLMLogRecordProcessor } from './context/log-record-processor.ts';
export { type DropReason, isPostHogLLMExportError, PostHogLLMExportError } from './export-error.ts';
export { PostHogLLMSpanExporter } from './exporter.ts';
export type { Logger } from './telemetry/log.ts';
