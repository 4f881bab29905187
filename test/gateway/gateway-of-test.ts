import { onTestFinished } from 'vitest';
import type { PostHogLLMSpanExporterOptions } from '../../src/config/options.ts';
import { resolveConfig } from '../../src/config/resolve-config.ts';
import type { GatewayConfig } from '../../src/gateway/config/gateway-config.ts';
import { type Gateway, startGateway } from '../../src/gateway/gateway.ts';
import type { LaneConfig } from '../../src/gateway/lanes/lane.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

export const TEST_KEY = 'phc_0123456789abcdef0123456789abcdef';

type Lane = Partial<Omit<LaneConfig, 'config'>> & { readonly options: PostHogLLMSpanExporterOptions };

export interface GatewayOfTest {
  readonly gateway: Gateway;
  post(
    path: string,
    body: Uint8Array<ArrayBuffer> | string,
    headers?: Record<string, string>,
  ): Promise<Response>;
  admin(path: string): Promise<Response>;
}

/** A destination, as the configuration file would give it. */
export function destination({ options, ...lane }: Lane): LaneConfig {
  const name = lane.name ?? 'product';
  const config = resolveConfig({ apiKey: TEST_KEY, logger: createRecordingLogger(), ...options }, {});
  return { name, fingerprint: `${name} ${JSON.stringify(options)}`, ...lane, config };
}

export type GatewayOverrides = Partial<Omit<GatewayConfig, 'destinations' | 'listen'>> & {
  readonly listen?: Partial<GatewayConfig['listen']>;
};

/** A gateway on free ports of loopback, which ends with the test. */
export async function gatewayOfTest(
  destinations: readonly LaneConfig[],
  { listen, ...overrides }: GatewayOverrides = {},
): Promise<GatewayOfTest> {
  const free = { host: '127.0.0.1', port: 0 };
  const gateway = await startGateway({
    listen: {
      http: free,
      grpc: undefined,
      admin: free,
      maxBodyBytes: 64 * 1024 * 1024,
      tls: undefined,
      corsOrigins: [],
      hosts: [],
      ...listen,
    },
    senders: [],
    acknowledge: 'delivered',
    limits: { maxInFlightBytes: 64 * 1024 * 1024, maxTraces: 1_000, waitForLogsMs: 100 },
    startupTest: 'off',
    openrouter: { countFrom: 'both', testSpans: 'drop' },
    page: { content: false, token: undefined },
    ...overrides,
    destinations,
  });
  onTestFinished(() => gateway.stop());
  const { http, admin } = gateway.addresses;
  return {
    gateway,
    post: (path, body, headers) =>
      fetch(`http://127.0.0.1:${http.port}${path}`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      }),
    admin: (path) => fetch(`http://127.0.0.1:${admin.port}${path}`),
  };
}
