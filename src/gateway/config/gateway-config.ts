import type { Acknowledgement } from '../admit/acknowledge.ts';
import type { TestSpans } from '../admit/openrouter-tests.ts';
import type { LaneConfig } from '../lanes/lane.ts';
import type { ListenerTls } from '../receive/http-listener.ts';
import type { Sender } from '../receive/senders.ts';

/** Host and port that are listened on; port 0 lets the system choose. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** What a gateway runs with: checked and complete. `docs/gateway.md` has the file that it is read from. */
export interface GatewayConfig {
  readonly listen: {
    /** OTLP/HTTP and OpenRouter. */
    readonly http: ListenAddress;
    /** OTLP/gRPC; absent: not listened on. */
    readonly grpc: ListenAddress | undefined;
    /** Health, figures and the page. */
    readonly admin: ListenAddress;
    readonly maxBodyBytes: number;
    /** `isForAdmin`: health, figures and the page come over it as well. */
    readonly tls: (ListenerTls & { readonly isForAdmin?: boolean }) | undefined;
    readonly corsOrigins: readonly string[];
    /** Names by which a gateway on loopback may be called, beside `localhost` and addresses. */
    readonly hosts: readonly string[];
  };
  /** Empty only when everything that listens is on loopback. */
  readonly senders: readonly Sender[];
  readonly acknowledge: Acknowledgement;
  readonly limits: {
    /** Memory for requests and what came of them. */
    readonly maxInFlightBytes: number;
    /** Traces that each destination remembers, to count once what comes in several requests. */
    readonly maxTraces: number;
    readonly waitForLogsMs: number;
  };
  /** What a failed test of a destination means at the start; an outage never stops it. */
  readonly startupTest: 'require' | 'warn' | 'off';
  readonly openrouter: {
    /** Whose record counts of calls that an application makes through OpenRouter, when both record them. */
    readonly countFrom: 'both' | 'broadcast' | 'application';
    readonly testSpans: TestSpans;
  };
  readonly page: {
    /** Whether the page shows prompts and answers. */
    readonly content: boolean;
    /** Token that the page asks for on an address other than loopback. */
    readonly token: string | undefined;
  };
  readonly destinations: readonly LaneConfig[];
}

/** Whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
