import type { PostHogLLMEvent } from '../../config/options.ts';
import type { SpanExplanation } from '../../explain/explanation.ts';
import type { PostHogLLMExporterStats } from '../../pipeline/exporter-stats.ts';
import type { ListenAddress } from '../config/gateway-config.ts';
import type { LaneHealth } from '../lanes/lane-health.ts';
import type { RecentCall } from '../observe/recent-calls.ts';
import type { SenderActivity } from '../observe/sender-activity.ts';

/** Absent where nothing is listened on, or not yet. */
export interface ReceivingAddresses {
  readonly http: ListenAddress | undefined;
  readonly grpc: ListenAddress | undefined;
  /** Whether they ask for TLS. */
  readonly isTls: boolean;
}

/** What `/api/about` answers. */
export interface About extends ReceivingAddresses {
  readonly version: string;
  readonly isDev: boolean;
  readonly content: boolean;
}

/** What `/api/senders` answers. */
export interface SendersAnswer {
  readonly senders: readonly SenderActivity[];
  /** Requests whose key no sender has. */
  readonly unknownKeys: number;
}

/** Why the file that was read again last changed nothing. */
export interface NotReloaded {
  /** ISO 8601. */
  readonly at: string;
  /** Without keys. */
  readonly messages: readonly string[];
}

/** What `/api/destinations` answers. */
export interface DestinationsAnswer {
  readonly destinations: readonly DestinationAnswer[];
  /** Absent when the newest reload took effect, or there was none. */
  readonly notReloaded?: NotReloaded | undefined;
}

export interface DestinationAnswer extends LaneHealth {
  readonly endpoint: string;
  readonly privacyMode: boolean;
  readonly stats: PostHogLLMExporterStats;
}

/** What `/api/call` answers. */
export interface CallAnswer {
  readonly call: RecentCall;
  /** As it was sent; without content where the page shows none. */
  readonly event: PostHogLLMEvent;
  /** Absent when the span is no longer held. */
  readonly explanation?: SpanExplanation | undefined;
  /** Where PostHog shows the trace, once it is there. */
  readonly postHogUrl?: string | undefined;
}

/** A line of the waterfall. */
export interface WaterfallSpan {
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly scope: string;
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
  readonly isError: boolean;
}
