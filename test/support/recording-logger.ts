import type { Logger } from '../../src/ledger/log.ts';

export interface RecordingLogger extends Logger {
  /** Each message with its level in front and its details behind, as text. */
  readonly lines: readonly string[];
}

/** Keeps what was logged. */
export function createRecordingLogger(): RecordingLogger {
  const lines: string[] = [];
  const at =
    (level: string) =>
    (message: string, ...details: unknown[]): void => {
      lines.push([level, message, ...details.map(String)].join(' '));
    };
  return { lines, error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
}
