import type { FailureReason } from '../ledger/drop-reasons.ts';

/** Memory that holds the JSON of several events. */
export interface EventPage {
  giveBack(): void;
}

/** One event, serialised. Delivery knows nothing of what is inside. */
export interface SerialisedEvent {
  readonly uuid: string;
  /** The event as UTF-8 JSON. */
  readonly json: Buffer;
  /** Where the JSON stands: given back at most once, when the event has its fate and the JSON is not read any more. */
  readonly page?: EventPage | undefined;
}

/** What became of one request. Closed union: the transport never throws or rejects. */
export type TransportOutcome =
  | { readonly type: 'delivered' }
  /** A passing failure; the same bytes may be sent again, but not before `retryAfterMs` from now when given. */
  | {
      readonly type: 'retry';
      readonly reason: FailureReason;
      readonly status?: number;
      readonly retryAfterMs?: number;
      readonly message: string;
    }
  /** The body or one event in it is too large; smaller bodies may pass. */
  | { readonly type: 'too-large'; readonly status: 413; readonly message: string }
  /** This deployment does not serve the route. */
  | { readonly type: 'route-missing'; readonly status: number; readonly message: string }
  /** Final refusal of this body. */
  | {
      readonly type: 'refused';
      readonly reason: FailureReason;
      readonly status?: number;
      readonly message: string;
    };

/** One request to one URL. */
export interface TransportRequest {
  readonly url: string;
  readonly body: Buffer;
  /** Number of events in the body, for logs of requests. */
  readonly events?: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds this request may take at most; the transport's own time limit holds when it is shorter. */
  readonly timeoutMs?: number;
  /** Ends the request at once, with reason `aborted`. */
  readonly signal?: AbortSignal;
}

/** Sends a request once. Messages of outcomes hold no keys, no content and no text of the answer. */
export interface Transport {
  send(request: TransportRequest): Promise<TransportOutcome>;
}

/** What became of the events of one export: `delivered` and the length of `failed` add up to the events given. */
export interface DeliveryResult {
  readonly delivered: number;
  /** Every event that was not accepted, as the object that was given, with the reason. */
  readonly failed: readonly {
    readonly event: SerialisedEvent;
    readonly reason: FailureReason;
    readonly message: string;
  }[];
}

/** Sends events once, with retries. Never rejects. */
export type SendEvents = (
  events: readonly SerialisedEvent[],
  deadlineAtMs: number,
) => Promise<DeliveryResult>;
