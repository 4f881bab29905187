import {
  CONFIG_FILE_VARIABLE,
  defaultConfigFile,
  type FileDestination,
  type KnownOptions,
  readConfigFile,
} from './config-file.ts';
import { type ConfigReport, readVariable, reportFinding, type Setting } from './config-report.ts';
import { meantOption } from './option-names.ts';
import type { OptionTable } from './option-row.ts';
import { type FileSource, NO_FILE } from './read-options.ts';

/** Which file is read, and which of its destinations. */
export interface FileChoice {
  /** The option `configFile` as given. */
  readonly configFile: unknown;
  /** The destination in force; `undefined` when none is named. */
  readonly destination: string | undefined;
}

/** The options of the file that code or environment names; empty when neither names one. */
export function readFileOfOptions(
  { configFile, destination }: FileChoice,
  env: NodeJS.ProcessEnv,
  tables: OptionTable,
  report: ConfigReport,
): FileSource {
  const setting = fileSetting(configFile, env);
  if (setting === undefined) return NO_FILE;
  const reading = readConfigFile(setting.value, env, knownOptions(tables));
  switch (reading.type) {
    case 'missing':
      reportFinding(report, setting, {
        code: 'config-file-missing',
        message: reading.message,
        fix: 'Make it with "npx posthog-llm-exporter configure", or name another file.',
      });
      return NO_FILE;
    case 'unusable':
      for (const message of reading.messages) {
        reportFinding(report, setting, { code: 'config-file-invalid', message, fix: 'Correct it there.' });
      }
      return NO_FILE;
    case 'read': {
      report.warnings.push(...reading.warnings);
      if (reading.gatewayKeys.length > 0) {
        const names = reading.gatewayKeys.join(', ');
        report.warnings.push(`The config file ${reading.path} has settings for the gateway only: ${names}.`);
      }
      return choose(reading.destinations, destination, setting, report);
    }
  }
}

/** Names of the destinations in the file that the environment names; empty when it has no list, or cannot be read. */
export function destinationNames(env: NodeJS.ProcessEnv, tables: OptionTable): readonly string[] {
  const setting = fileSetting(undefined, env);
  const reading = setting && readConfigFile(setting.value, env, knownOptions(tables));
  return reading?.type === 'read' ? reading.destinations.flatMap(({ name }) => (name ? [name] : [])) : [];
}

function choose(
  destinations: readonly FileDestination[],
  wanted: string | undefined,
  setting: Setting,
  report: ConfigReport,
): FileSource {
  const [first, second] = destinations;
  const found =
    wanted === undefined ? (second ? undefined : first) : destinations.find(({ name }) => name === wanted);
  if (found) return { values: found.values, isNamed: found.name !== undefined };
  // A file without a list is for whichever destination is asked for.
  if (first && first.name === undefined) return { values: first.values, isNamed: false };
  const names = destinations.map(({ name }) => name).join(', ');
  reportFinding(report, setting, {
    code: 'destination-unknown',
    message:
      wanted === undefined
        ? `The config file ${setting.value} has several destinations: ${names}.`
        : `The config file ${setting.value} has no destination "${wanted}"; it has ${names}.`,
    fix: 'Name one of them with the option "destination" or POSTHOG_LLM_DESTINATION.',
  });
  return NO_FILE;
}

/** Which names a file may hold as options. */
export function knownOptions(table: OptionTable): KnownOptions {
  return {
    has: (name) => Object.hasOwn(table, name) && table[name]?.rule.schema !== undefined,
    meant: (name) => meantOption(name, table),
  };
}

/** The path and who named it. A value that is no path is reported with the other options. */
function fileSetting(option: unknown, env: NodeJS.ProcessEnv): (Setting & { value: string }) | undefined {
  if (option !== undefined) {
    const value = option === true ? defaultConfigFile(env) : option;
    return typeof value === 'string' && value.trim() !== ''
      ? { name: 'configFile', source: 'option', value }
      : undefined;
  }
  const path = readVariable(env, CONFIG_FILE_VARIABLE);
  return path === undefined ? undefined : { name: CONFIG_FILE_VARIABLE, source: 'environment', value: path };
}
