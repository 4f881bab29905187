import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { GatewayConfig, ListenAddress } from '../../gateway/config/gateway-config.ts';
import { type Gateway, startGateway } from '../../gateway/gateway.ts';
import { devLane } from '../../gateway/lanes/dev-lane.ts';
import { silentLogger } from '../../ledger/log.ts';
import type { CliIo, Output } from '../io.ts';

export interface DevFlags {
  readonly port?: number;
  readonly adminPort?: number;
  /** Ends with the command on a terminal as well. */
  readonly exit?: boolean;
}

const LOOPBACK = '127.0.0.1';
const OTLP_PORT = 4318;
const ADMIN_PORT = 4319;
const MIB = 1024 * 1024;

/**
 * Runs a gateway that sends nowhere, with its page, and, when a command is given, that command with the environment that
 * makes it send here. Ends with the command, else with SIGINT or SIGTERM; on a terminal the page stays when the command
 * has ended, since it is there to be looked at. The exit code is that of the command.
 */
export async function runDev(
  command: readonly string[],
  flags: DevFlags,
  io: CliIo,
  output: Output,
): Promise<number> {
  let gateway: Gateway;
  try {
    gateway = await startOnFreePorts(flags);
  } catch (error) {
    output.complain(error instanceof Error ? error.message : 'The gateway could not start.');
    return 1;
  }
  const { http, admin } = gateway.addresses;
  output.complain(`Page:  http://${LOOPBACK}:${admin.port}`);
  output.complain(`OTLP:  http://${LOOPBACK}:${http.port}  (nothing leaves this machine)`);
  const [program, ...args] = command;
  const code = program === undefined ? 0 : await runCommand(program, args, http, io, output);
  const pageStays = program !== undefined && io.stdin.isTTY === true && flags.exit !== true;
  if (pageStays) {
    output.complain(
      `The command ended with ${code}. The page stays until Ctrl+C (--exit: ends with the command).`,
    );
  }
  if (pageStays || program === undefined) await untilSignal();
  await gateway.stop();
  return code;
}

/** The usual ports where they are free, so that applications need no setting; else any. */
async function startOnFreePorts({ port, adminPort }: DevFlags): Promise<Gateway> {
  const usual = [port ?? OTLP_PORT, adminPort ?? ADMIN_PORT] as const;
  try {
    return await startGateway(devConfig(...usual));
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    if (!isTaken || port !== undefined || adminPort !== undefined) throw error;
    return startGateway(devConfig(0, 0));
  }
}

function devConfig(port: number, adminPort: number): GatewayConfig {
  return {
    listen: {
      http: { host: LOOPBACK, port },
      grpc: undefined,
      admin: { host: LOOPBACK, port: adminPort },
      maxBodyBytes: 64 * MIB,
      tls: undefined,
      corsOrigins: [],
      hosts: [],
    },
    senders: [],
    acknowledge: 'accepted',
    limits: { maxInFlightBytes: 256 * MIB, maxTraces: 20_000, waitForLogsMs: 2_000 },
    startupTest: 'off',
    openrouter: { countFrom: 'both', testSpans: 'forward' },
    page: { content: true, token: undefined },
    destinations: [devLane(silentLogger)],
  };
}

function runCommand(
  program: string,
  args: readonly string[],
  { port }: ListenAddress,
  { env }: CliIo,
  output: Output,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: 'inherit',
      env: {
        ...env,
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://${LOOPBACK}:${port}`,
        // This package in the command shows its spans here, and sends nowhere; it needs a key to start.
        POSTHOG_LLM_DEV_ENDPOINT: `http://${LOOPBACK}:${port}`,
        POSTHOG_API_KEY: env['POSTHOG_API_KEY'] ?? 'phc_dev',
        // Some SDKs send gRPC by default, which is not listened on.
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
        OTEL_TRACES_EXPORTER: env['OTEL_TRACES_EXPORTER'] ?? 'otlp',
        OTEL_LOGS_EXPORTER: env['OTEL_LOGS_EXPORTER'] ?? 'otlp',
        OTEL_METRICS_EXPORTER: env['OTEL_METRICS_EXPORTER'] ?? 'none',
        // Spans come while a person looks, not five seconds later.
        OTEL_BSP_SCHEDULE_DELAY: env['OTEL_BSP_SCHEDULE_DELAY'] ?? '500',
      },
    });
    const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
    process.on('SIGTERM', pass);
    // The terminal sends SIGINT to both; the command decides.
    const leave = (): void => {};
    process.on('SIGINT', leave);
    child.once('error', (error) => {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      output.complain(
        isMissing ? `There is no command "${program}".` : `The command cannot be run: ${error.message}`,
      );
      resolve(1);
    });
    child.once('exit', (code, signal) => {
      process.off('SIGTERM', pass);
      process.off('SIGINT', leave);
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
