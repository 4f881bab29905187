import { diag } from '@opentelemetry/api';

/** Where the exporter reports about itself. Messages never contain API keys or message content. */
export interface Logger {
  error(message: string, ...details: unknown[]): void;
  warn(message: string, ...details: unknown[]): void;
  info(message: string, ...details: unknown[]): void;
  debug(message: string, ...details: unknown[]): void;
}

/** OpenTelemetry's diagnostics logger, looked up at each call so that a later `diag.setLogger` takes effect. */
export const diagLogger: Logger = {
  error: (message, ...details) => diag.error(message, ...details),
  warn: (message, ...details) => diag.warn(message, ...details),
  info: (message, ...details) => diag.info(message, ...details),
  debug: (message, ...details) => diag.debug(message, ...details),
};

/** Wraps a logger of the application so that an exception it throws cannot reach the exporter. */
export function guardLogger(logger: Logger): Logger {
  const guard =
    (level: keyof Logger) =>
    (message: string, ...details: unknown[]) => {
      try {
        logger[level](message, ...details);
      } catch {
        // A broken logger must not break the export.
      }
    };
  return { error: guard('error'), warn: guard('warn'), info: guard('info'), debug: guard('debug') };
}
