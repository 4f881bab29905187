import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { MeterProvider } from '@opentelemetry/api';

/** Writes down every line, with details shown as a careful logger would. */
export function createInspectingLogger() {
  const lines: string[] = [];
  const at =
    (level: string) =>
    (message: string, ...details: unknown[]): void => {
      lines.push([level, message, ...details.map(shown)].join(' '));
    };
  const logger = {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    verbose: at('verbose'),
  };
  return { logger, lines };
}

/** As much as `inspect` can be made to show. */
export function shown(value: unknown): string {
  const everything = { maxStringLength: Number.POSITIVE_INFINITY, maxArrayLength: Number.POSITIVE_INFINITY };
  return inspect(value, { depth: 20, showHidden: true, getters: true, ...everything });
}

/** Names and content of all files. */
export function readSpool(directory: string): string[] {
  const names = existsSync(directory) ? readdirSync(directory, { recursive: true, encoding: 'utf8' }) : [];
  return names.map((name) => {
    try {
      return `${name}\n${readFileSync(join(directory, name), 'utf8')}`;
    } catch {
      // Gone meanwhile: it was delivered.
      return name;
    }
  });
}

/** Writes down every figure with its attributes. */
export function recordingMeters(lines: string[]): MeterProvider {
  const instrument = (...named: unknown[]) => {
    const note = (...measured: unknown[]) => lines.push(JSON.stringify([named, measured]));
    return { add: note, record: note, addCallback: () => {}, removeCallback: () => {} };
  };
  const meter = new Proxy({}, { get: () => instrument });
  return { getMeter: () => meter } as unknown as MeterProvider;
}
