import type { ConfigProblem } from '../config/config-error.ts';
import { CONFIG_FILE_VARIABLE, writtenConfigFile } from '../config/config-file.ts';
import { readVariable } from '../config/config-report.ts';
import { type ConfigReading, destinationsInFile, readConfig } from '../config/resolve-config.ts';
import type { CliIo, Output } from './io.ts';

/** Flags that every command has. */
export interface ConnectionFlags {
  readonly apiKey?: string;
  readonly endpoint?: string;
  readonly file?: string;
  /** One of the destinations in the file. */
  readonly destination?: string;
}

export interface PrivacyFlags {
  readonly privacyMode?: boolean;
}

/** What `configure` takes. */
export type ConfigureFlags = ConnectionFlags & PrivacyFlags;

/** Reads flags, environment and config file, in this order of precedence. */
export function readSettings(
  flags: ConnectionFlags & PrivacyFlags,
  io: CliIo,
  output: Output,
  configFile: string | boolean | undefined = configFileFor(flags, io),
): ConfigReading {
  output.hide(flags.apiKey);
  const reading = readConfig(
    {
      apiKey: flags.apiKey,
      endpoint: flags.endpoint,
      privacyMode: flags.privacyMode,
      configFile,
      destination: flags.destination,
      dispatcher: io.dispatcher,
      // A command that was given runs, also where the exporter itself is switched off.
      enabled: true,
    },
    io.env,
  );
  output.hide(reading.config.apiKey.reveal());
  return reading;
}

/**
 * As {@link readSettings}, for commands that need a configuration without problems: oddities and problems are printed.
 * @param isHarmless problems that do not matter to the command
 * @returns `undefined` when the command cannot go on
 */
export function usableSettings(
  flags: ConnectionFlags & PrivacyFlags,
  io: CliIo,
  output: Output,
  isHarmless: (problem: ConfigProblem) => boolean = () => false,
): ConfigReading['config'] | undefined {
  const reading = readSettings(flags, io, output);
  noteOddities(reading, flags, io, output);
  const problems = reading.problems.filter((problem) => !isHarmless(problem));
  if (problems.length === 0) return reading.config;
  complainAbout(problems, output);
  return undefined;
}

/** Names of the destinations in the file that a command reads; empty when it has no list, or one is chosen. */
export function destinationsFor(flags: ConnectionFlags, io: CliIo): readonly string[] {
  const path = configFileFor(flags, io);
  return destinationsInFile(path !== undefined ? { ...io.env, [CONFIG_FILE_VARIABLE]: path } : io.env);
}

/** Prints what is odd but stops nothing. */
export function noteOddities(
  { config }: ConfigReading,
  flags: ConnectionFlags,
  io: CliIo,
  output: Output,
): void {
  for (const warning of [...config.warnings, ...shadowedFileWarnings(flags, io)]) {
    output.complain(`Note: ${warning}`);
  }
}

/** `--file` must exist; the default file is read if it does. `undefined` leaves the choice to the environment. */
function configFileFor({ file }: ConnectionFlags, { env }: CliIo): string | undefined {
  if (file !== undefined) {
    return file;
  }
  return readVariable(env, CONFIG_FILE_VARIABLE) === undefined ? writtenConfigFile(env) : undefined;
}

/** Someone who names a file expects its values; the environment wins all the same, as in the exporter. */
function shadowedFileWarnings(flags: ConnectionFlags, { env }: CliIo): string[] {
  if (flags.file === undefined) {
    return [];
  }
  const isSet = (name: string) => (env[name] ?? '').trim() !== '';
  const shadowing = [
    ...(flags.apiKey === undefined && isSet('POSTHOG_API_KEY') ? ['POSTHOG_API_KEY'] : []),
    ...(flags.endpoint === undefined && isSet('POSTHOG_HOST') ? ['POSTHOG_HOST'] : []),
  ];
  return shadowing.map((name) => `The environment variable ${name} is set and wins over the file.`);
}

const FLAG_NAMES: Readonly<Record<string, string>> = {
  apiKey: '--api-key',
  endpoint: '--endpoint',
  privacyMode: '--privacy-mode',
  configFile: '--file',
  destination: '--destination',
};

/** The problems in the words of the command line. */
export function asCliProblems(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return problems.map((problem) => ({
    ...problem,
    ...(problem.source === 'option' ? { option: FLAG_NAMES[problem.option] ?? problem.option } : {}),
    ...(problem.code === 'api-key-missing'
      ? { fix: 'Give --api-key, set POSTHOG_API_KEY, or run "posthog-llm-exporter configure".' }
      : {}),
  }));
}

export function complainAbout(problems: readonly ConfigProblem[], output: Output): void {
  for (const { option, message, fix } of asCliProblems(problems)) {
    output.complain(`${option}: ${message}\n  ${fix}`);
  }
}
