import type { DistinctIdOfCall } from './event/identity.ts';
import type { ModelPrices } from './event/model-prices.ts';
import type { ContentOptions } from './privacy/apply-privacy.ts';
import type { PrivacyDecision } from './privacy/decide-privacy.ts';
import type { SelectionOptions } from './selection/select-call.ts';
import type { CountFrom } from './trace/count-from.ts';

/** The part of the configuration that decides which events are made, and what they look like. */
export interface TranslateOptions {
  readonly metadataPrefix: string;
  readonly maxMetadataDepth: number;
  readonly includeAttributes: readonly string[];
  readonly distinctId: string | DistinctIdOfCall | undefined;
  /** Whether a named trace whose root is not sent has an event of its own. */
  readonly namedTraceEvents: boolean;
  /** Own prices, by model. */
  readonly modelPrices: ModelPrices | undefined;
  /** Whether PostHog is told not to locate the events by the address that they come from. */
  readonly disableGeoip: boolean;
  /** Which side records calls through OpenRouter; default: `both`. */
  readonly countFrom?: CountFrom | undefined;
  readonly privacyMode: boolean | PrivacyDecision;
  readonly content: ContentOptions;
  readonly selection: SelectionOptions;
  /** Bytes of an event as JSON beyond which it is trimmed; asked for each event, since the route may change. */
  readonly maxEventBytes: () => number;
}

/** The part of a configuration that shapes events; the other members stay behind. */
export function translateOptionsOf(
  config: Omit<TranslateOptions, 'maxEventBytes' | 'countFrom'>,
  maxEventBytes: () => number,
  countFrom?: CountFrom,
): TranslateOptions {
  const { metadataPrefix, maxMetadataDepth, includeAttributes, distinctId, privacyMode } = config;
  const { content, selection, namedTraceEvents, modelPrices, disableGeoip } = config;
  return {
    metadataPrefix,
    maxMetadataDepth,
    includeAttributes,
    distinctId,
    namedTraceEvents,
    modelPrices,
    disableGeoip,
    countFrom,
    privacyMode,
    content,
    selection,
    maxEventBytes,
  };
}
