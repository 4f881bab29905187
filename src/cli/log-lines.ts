import type { Logger } from '../ledger/log.ts';
import type { Output } from './io.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A logger that writes one JSON object a line: `time`, `level`, `message` and fields. */
export interface LogLines extends Logger {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** The same with fields on every line. */
  with(fields: Fields): LogLines;
}

/** Lines for people and for log collectors: to standard error, as programs whose output is something else do. */
export function createLogLines(output: Pick<Output, 'complain'>, always: Fields = {}): LogLines {
  const write =
    (level: 'error' | 'warn' | 'info' | 'debug') =>
    (message: string, fields?: unknown): void => {
      const more = typeof fields === 'object' && fields !== null ? fields : {};
      output.complain(JSON.stringify({ time: new Date().toISOString(), level, message, ...always, ...more }));
    };
  return {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
    with: (fields) => createLogLines(output, { ...always, ...fields }),
  };
}
