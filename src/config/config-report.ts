import type { ConfigProblem, ConfigSource } from './config-error.ts';
import type { Finding } from './option-row.ts';

/** Gathers what is found while a configuration is read, so that all of it can be reported at once. */
export interface ConfigReport {
  readonly problems: ConfigProblem[];
  readonly warnings: string[];
}

/** A setting together with where it came from. */
export interface Setting {
  /** The name it has where it came from: `endpoint`, `POSTHOG_HOST`. */
  readonly name: string;
  readonly source: ConfigSource;
  readonly value: unknown;
  /** In a config file: `line 3, column 5`. */
  readonly place?: string;
}

export function reportFinding(report: ConfigReport, setting: Omit<Setting, 'value'>, finding: Finding): void {
  report.problems.push({ ...finding, option: setting.name, source: setting.source });
}

/** Environment variables that are empty count as not set (OpenTelemetry's rule for its own variables). */
export function readVariable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}
