import { diag } from '@opentelemetry/api';
import { printable } from './printable.ts';

/** Where the exporter reports about itself. Messages never contain API keys or message content. */
export interface Logger {
  error(message: string, ...details: unknown[]): void;
  warn(message: string, ...details: unknown[]): void;
  info(message: string, ...details: unknown[]): void;
  debug(message: string, ...details: unknown[]): void;
}

/** The key of `@opentelemetry/api` for what is registered with it, the same in every version 1. */
const API_STATE = Symbol.for('opentelemetry.js.api.1');

/** Lines that were written to standard error by any copy of this package in the process. */
const WRITTEN = Symbol.for('posthog-llm-exporter.told-on-stderr');

const state = globalThis as unknown as Record<symbol, unknown>;

/** Whether the application has called `diag.setLogger`; without it OpenTelemetry's diagnostics are thrown away. */
function isDiagRegistered(): boolean {
  return (state[API_STATE] as { readonly diag?: unknown } | undefined)?.diag !== undefined;
}

/** The levels of `OTEL_LOG_LEVEL` that let a line through. */
function isWanted(level: 'error' | 'warn'): boolean {
  const limit = process.env['OTEL_LOG_LEVEL']?.trim().toLowerCase();
  return limit !== 'none' && !(limit === 'error' && level === 'warn');
}

function writeLine(message: string): void {
  try {
    process.stderr.write(`${printable(message)}\n`);
  } catch {
    // A closed standard error must not break the export.
  }
}

/** Lines that differ only in numbers are of one kind, which is written once in a process. */
function writeOnce(level: 'error' | 'warn', message: string): void {
  if (!isWanted(level)) return;
  state[WRITTEN] ??= new Set<string>();
  const written = state[WRITTEN] as Set<string>;
  const kind = message.replaceAll(/(?<![:\d])\d+/g, '0');
  if (written.has(kind)) return;
  written.add(kind);
  writeLine(message);
}

/**
 * The logger of those who have configured none: OpenTelemetry's `diag` where a logger was set for it, else standard
 * error, so that nothing that is wrong stays unsaid. There each kind of warning is written once in a process.
 * `OTEL_LOG_LEVEL=none` silences it. Looked up at each call, so that a later `diag.setLogger` takes effect.
 */
export const defaultLogger: Logger = {
  error: (message, ...details) => {
    if (isDiagRegistered()) diag.error(message, ...details);
    else writeOnce('error', message);
  },
  warn: (message, ...details) => {
    if (isDiagRegistered()) diag.warn(message, ...details);
    else writeOnce('warn', message);
  },
  info: (message, ...details) => diag.info(message, ...details),
  debug: (message, ...details) => diag.debug(message, ...details),
};

/** The default logger with its debug lines on standard error, whatever level `diag` has. */
export const debugLogger: Logger = {
  ...defaultLogger,
  debug: (message) => writeLine(message),
};

/** Puts a name before each line, for parts that do not know whose they are. */
export function namedLogger(logger: Logger, name: string): Logger {
  const say =
    (level: keyof Logger) =>
    (message: string, ...details: unknown[]) =>
      logger[level](`${name}: ${message}`, ...details);
  return { error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug') };
}

/** Says nothing. */
export const silentLogger: Logger = { error() {}, warn() {}, info() {}, debug() {} };

/** Wraps a logger of the application: no exception of it reaches the exporter, and no escape sequence reaches it. */
export function guardLogger(logger: Logger): Logger {
  const guard =
    (level: keyof Logger) =>
    (message: string, ...details: unknown[]) => {
      try {
        logger[level](printable(message), ...details);
      } catch {
        // A broken logger must not break the export.
      }
    };
  return { error: guard('error'), warn: guard('warn'), info: guard('info'), debug: guard('debug') };
}
