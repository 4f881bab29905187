import { resolve } from 'node:path';
import { CONFIG_FILE_VARIABLE, writtenConfigFile } from '../../config/config-file.ts';
import { readVariable } from '../../config/config-report.ts';
import type { GatewayConfig } from '../../gateway/config/gateway-config.ts';
import { type GatewayReading, readGatewayFile } from '../../gateway/config/read-gateway-file.ts';
import { DestinationRefused, type Gateway, startGateway } from '../../gateway/gateway.ts';
import { createLanes, sayFailedTest, testAll } from '../../gateway/lanes/lanes.ts';
import type { CliIo, Output } from '../io.ts';
import { createLogLines, type LogLines } from '../log-lines.ts';

export interface ServeFlags {
  /** Checks the file and tests its destinations, and starts nothing. */
  readonly check?: boolean;
}

/** Runs the gateway until the process gets SIGINT or SIGTERM. 0 when it ended well, 1 when it could not start. */
export async function runServe(
  file: string | undefined,
  { check }: ServeFlags,
  io: CliIo,
  output: Output,
): Promise<0 | 1> {
  const path = file ?? readVariable(io.env, CONFIG_FILE_VARIABLE) ?? writtenConfigFile(io.env);
  const log = createLogLines(output);
  const read = (): GatewayReading =>
    readGatewayFile(path === undefined ? undefined : resolve(path), {
      env: io.env,
      loggerFor: (destination) => log.with({ destination }),
    });
  const reading = read();
  if (reading.type === 'unusable') {
    for (const message of reading.messages) output.complain(message);
    return 1;
  }
  for (const warning of reading.warnings) output.complain(warning);
  if (check) return checkDestinations(reading.config, output);
  const signals = listenForSignals();
  try {
    const gateway = await startGateway(reading.config);
    const { http, grpc, admin } = gateway.addresses;
    log.info('The gateway receives.', { http: shown(http), grpc: grpc && shown(grpc), admin: shown(admin) });
    for (const health of gateway.lanes.health()) {
      if (health.state !== 'ok') log.warn(`${health.name}: ${health.message}`, { destination: health.name });
    }
    signals.onReload(() => void reloadFile(gateway, read, log));
    const signal = await signals.stopped;
    log.info('The gateway ends: it answers what is under way, and delivers or stores what it has.', {
      signal,
    });
    await gateway.stop();
    log.info('The gateway has ended.');
    return 0;
  } catch (error) {
    output.complain(startFailure(error));
    return 1;
  } finally {
    signals.ignore();
  }
}

async function checkDestinations(config: GatewayConfig, output: Output): Promise<0 | 1> {
  const lanes = createLanes(config.destinations, { ...config.limits, skipsDelivered: false });
  await testAll(lanes);
  const states = lanes.health();
  for (const { name, state, message } of states) {
    output.print(`${name}: ${state === 'ok' ? 'ok' : `${state}. ${message}`}`);
  }
  await lanes.shutdown();
  return states.every(({ state }) => state === 'ok') ? 0 : 1;
}

interface Signals {
  /** Settles with the first SIGTERM or SIGINT. A second one ends the process at once; what is on disk stays there. */
  readonly stopped: Promise<string>;
  /** Called with each SIGHUP until then. */
  onReload(reload: () => void): void;
  ignore(): void;
}

/** From before the gateway starts on: a signal that comes meanwhile must not end a process that receives already. */
function listenForSignals(): Signals {
  let stop = (_signal: string): void => {};
  const stopped = new Promise<string>((resolveStopped) => {
    stop = resolveStopped;
  });
  let isStopping = false;
  let reload = (): void => {};
  const onStop = (signal: string): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    stop(signal);
  };
  const onHup = (): void => {
    if (!isStopping) reload();
  };
  process.on('SIGTERM', onStop).on('SIGINT', onStop).on('SIGHUP', onHup);
  return {
    stopped,
    onReload: (next) => {
      reload = next;
    },
    ignore: () => void process.off('SIGTERM', onStop).off('SIGINT', onStop).off('SIGHUP', onHup),
  };
}

/** A file that is wrong, or of which a destination fails its test, changes nothing. */
async function reloadFile(gateway: Gateway, read: () => GatewayReading, log: LogLines): Promise<void> {
  const reading = read();
  if (reading.type === 'unusable') {
    for (const message of reading.messages) log.error(`Not reloaded. ${message}`);
    gateway.noteUnusableFile(reading.messages);
    return;
  }
  const replaced = await gateway.reload(reading.config.destinations);
  switch (replaced.type) {
    case 'failed':
      for (const failed of replaced.failed) {
        log.error(`Not reloaded. ${sayFailedTest(failed)}`, { destination: failed.name });
      }
      return;
    case 'ending':
      log.info('Not reloaded, since the gateway ends.');
      return;
    case 'in-force':
      log.info('The destinations of the file are in force. Other settings take effect at the next start.', {
        destinations: gateway.lanes.current().map(({ name }) => name),
      });
  }
}

function startFailure(error: unknown): string {
  if (error instanceof DestinationRefused)
    return `Not started, since a destination is wrong.\n${error.message}`;
  const { code, message, address, port } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
  };
  if (code === 'EADDRINUSE') {
    return `The address ${address}:${port} is in use, perhaps by another collector. Choose another under "listen".`;
  }
  return error instanceof Error ? message : 'The gateway could not start.';
}

function shown({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
