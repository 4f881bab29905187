export {
  type ConfigProblem,
  type ConfigProblemCode,
  type ConfigSource,
  isPostHogLLMConfigError,
  PostHogLLMConfigError,
} from './config/config-error.ts';
export type {
  HeaderMap,
  PostHogLLMEvent,
  PostHogLLMSpanExporterOptions,
  PostHogLLMSpoolOptions,
} from './config/options.ts';
export type { SpanProcessorOptions } from './config/processor-options.ts';
export type {
  ConnectionResult,
  NotVerifiableReason,
  UnreachableCause,
} from './deliver/connection/connection-result.ts';
export type {
  HttpDispatcher,
  HttpDispatcherRequest,
  HttpDispatcherResponse,
} from './deliver/http-dispatcher.ts';
export type { ExplainOptions, ExplanationDisplay } from './explain/explain-options.ts';
export { explain } from './explain/explain-spans.ts';
export type {
  AttributeExplanation,
  AttributeFate,
  PropertyExplanation,
  RecognisedDialect,
  SpanExplanation,
} from './explain/explanation.ts';
export { renderExplanations } from './explain/render.ts';
export type { DropReason, FailureReason } from './ledger/drop-reasons.ts';
export type { Logger } from './ledger/log.ts';
export type { PostHogLLMExporterStats, SpoolStats } from './pipeline/exporter-stats.ts';
export type { DestinationOptions, PostHogLLM, StartPostHogLLMOptions } from './register/start.ts';
export { startPostHogLLM } from './register/start-posthog-llm.ts';
export { type Flushable, type FlushOnExitOptions, flushOnExit } from './sdk/exit/flush-on-exit.ts';
export { isPostHogLLMExportError, PostHogLLMExportError } from './sdk/exporter/export-error.ts';
export { PostHogLLMSpanExporter } from './sdk/exporter/exporter.ts';
export type { FlushOnceOptions, FlushOnceResult } from './sdk/exporter/flush-once.ts';
export { type LogRecordSource, PostHogLLMLogRecordProcessor } from './sdk/logs/log-record-processor.ts';
export {
  PostHogLLMSpanProcessor,
  type PostHogLLMSpanProcessorOptions,
} from './sdk/processor/span-processor.ts';

export { PostHogTraceAttributesProcessor } from './sdk/scope/trace-attributes-processor.ts';
export { currentTraceId, setTrace, type WithTraceOptions, withTrace } from './sdk/scope/with-trace.ts';
export type { Cost } from './translate/call/cost.ts';
export type { CallError, CallKind, LlmCall, TraceMetadata } from './translate/call/llm-call.ts';
export type {
  MediaPart,
  Message,
  Part,
  ToolCallPart,
  ToolDefinition,
  ToolResultPart,
} from './translate/call/messages.ts';
export type { Usage } from './translate/call/usage.ts';
export type { Evaluation, Feedback, FeedbackTarget, Metric } from './translate/event/feedback-event.ts';
export type { DistinctIdOfCall } from './translate/event/identity.ts';
export type { ModelPrice, ModelPrices } from './translate/event/model-prices.ts';
export type { AiPropertyName } from './translate/event/property-table.ts';
export type { ContentKind } from './translate/privacy/content-row.ts';
export type { PrivacyDecision } from './translate/privacy/decide-privacy.ts';
export type { Mask, MaskContext } from './translate/privacy/mask.ts';
export type { RedactorName } from './translate/privacy/redactors.ts';
export type { Condition, Rule, RuleField, RuleOperator } from './translate/selection/rule.ts';
export type { AlwaysKeep } from './translate/selection/sample.ts';
export type { CallFilter } from './translate/selection/select-call.ts';
export type {
  ExportResultLike,
  InstrumentationScopeLike,
  LogRecordLike,
  LogRecordProcessorLike,
  ReadableSpanLike,
  SpanExporterLike,
  SpanProcessorLike,
  StartedSpanLike,
  TimedEventLike,
} from './translate/span/sdk-types.ts';
export type { PropagatedName, TraceScope } from './translate/span/trace-scope.ts';
