import type { ConfigReading } from '../config/resolve-config.ts';
import type { ConnectionResult } from '../deliver/connection/connection-result.ts';
import { testConnection } from '../deliver/connection/test-connection.ts';
import type { CliIo, Output } from './io.ts';

/** Runs the connection test with a configuration that has no problems. */
export function testSettings(config: ConfigReading['config'], io: CliIo): Promise<ConnectionResult> {
  return testConnection({
    apiKey: config.apiKey.reveal(),
    endpoint: config.endpoint,
    timeoutMs: config.timeoutMs,
    headers: config.headers,
    dispatcher: config.dispatcher,
    regions: io.regions,
  });
}

/** @param maskedKey how the key may be shown; empty when there is none */
export function printResult(result: ConnectionResult, maskedKey: string, output: Output): void {
  const rows = [
    ['Endpoint', result.endpoint],
    ['Proxy', result.proxy ?? ''],
    ['Key', maskedKey],
    ['Result', result.status],
    ['AI route', result.status === 'ok' ? result.aiRoute : ''],
  ];
  for (const [name = '', value = ''] of rows.filter(([, value]) => value !== '')) {
    output.print(`${name.padEnd(9)} ${value}`);
  }
  output.print(`\n${result.message}`);
  if (result.status !== 'ok') {
    output.print(result.fix);
  }
}
