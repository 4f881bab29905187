import { checkApiKey, typeName } from './api-key.ts';
import { type ConfigFileValues, defaultConfigFile, readConfigFile } from './config-file.ts';
import { type ConfigReport, readVariable, reportFinding, type Setting } from './config-report.ts';
import { DEFAULT_ENDPOINT } from './defaults.ts';
import { checkEndpoint } from './endpoint.ts';
import type { PrivacyDecision } from './options.ts';

/** Each setting that has more than one source, and its variable. */
const VARIABLES = {
  apiKey: 'POSTHOG_API_KEY',
  endpoint: 'POSTHOG_HOST',
  privacyMode: 'POSTHOG_PRIVACY_MODE',
} as const;

const CONFIG_FILE_VARIABLE = 'POSTHOG_LLM_CONFIG';

/** The value of the strongest source that has one: code, environment, config file. Weaker ones are not looked at. */
function strongest(
  name: keyof typeof VARIABLES,
  option: unknown,
  env: NodeJS.ProcessEnv,
  file: ConfigFileValues,
): Setting | undefined {
  if (option !== undefined) {
    return { name, source: 'option', value: option };
  }
  const variable = readVariable(env, VARIABLES[name]);
  if (variable !== undefined) {
    return { name: VARIABLES[name], source: 'environment', value: variable };
  }
  return file[name] === undefined ? undefined : { name, source: 'config file', value: file[name] };
}

/** The checked key; the empty string when there is no usable one, which is then reported. */
export function readApiKey(
  option: unknown,
  env: NodeJS.ProcessEnv,
  file: ConfigFileValues,
  report: ConfigReport,
): string {
  const given = strongest('apiKey', option, env, file);
  const setting = given ?? { name: 'apiKey', source: 'option', value: '' };
  const check = checkApiKey(setting.value);
  if (check.type === 'usable') {
    report.warnings.push(...check.warnings);
    return check.apiKey;
  }
  const { finding } = check;
  reportFinding(
    report,
    setting,
    finding.code === 'api-key-missing'
      ? {
          code: finding.code,
          // A blank option also hides a variable that may well be set.
          message: given?.source === 'option' ? 'The option "apiKey" is empty.' : 'There is no API key.',
          fix: `Set the option "apiKey" or the environment variable ${VARIABLES.apiKey}. ${finding.fix}`,
        }
      : finding,
  );
  return '';
}

export function readEndpoint(
  option: unknown,
  env: NodeJS.ProcessEnv,
  file: ConfigFileValues,
  report: ConfigReport,
): string {
  const setting = strongest('endpoint', option, env, file);
  if (setting === undefined) {
    return DEFAULT_ENDPOINT;
  }
  const check = checkEndpoint(setting.value);
  if (check.type === 'usable') {
    report.warnings.push(...check.warnings);
    return check.endpoint;
  }
  reportFinding(report, setting, check.finding);
  return DEFAULT_ENDPOINT;
}

/** Unlike with other settings, a variable that asks for privacy holds whatever the code says: the strictest wins. */
export function readPrivacyMode(
  option: unknown,
  env: NodeJS.ProcessEnv,
  file: ConfigFileValues,
  report: ConfigReport,
): boolean | PrivacyDecision {
  const said = strongestPrivacyMode(option, env, file, report);
  return parseBoolean(readVariable(env, VARIABLES.privacyMode) ?? '') === true ? true : said;
}

function strongestPrivacyMode(
  option: unknown,
  env: NodeJS.ProcessEnv,
  file: ConfigFileValues,
  report: ConfigReport,
): boolean | PrivacyDecision {
  const setting = strongest('privacyMode', option, env, file);
  if (setting === undefined) {
    return false;
  }
  const { value, source } = setting;
  if (typeof value === 'boolean' || (source === 'option' && typeof value === 'function')) {
    return value as boolean | PrivacyDecision;
  }
  const word = source === 'environment' ? parseBoolean(String(value)) : undefined;
  if (word === undefined) {
    reportFinding(report, setting, {
      code: 'privacy-mode-invalid',
      message: PRIVACY_FLAWS[source](value),
      fix: 'Nothing is sent until it is clear whether content may be.',
    });
  }
  // Never used while there is a problem; if it were, nothing private would leave.
  return word ?? true;
}

const PRIVACY_FLAWS = {
  option: (value: unknown) =>
    `The option "privacyMode" must be a boolean or a function, not ${typeName(value)}.`,
  environment: () => 'The value must be "true", "false", "1" or "0".',
  'config file': (value: unknown) => `"privacyMode" must be true or false, not ${typeName(value)}.`,
} as const;

/** `true`, `false`, `1` or `0`, in upper or lower case; `undefined` for anything else. */
export function parseBoolean(text: string): boolean | undefined {
  switch (text.trim().toLowerCase()) {
    case 'true':
    case '1':
      return true;
    case 'false':
    case '0':
      return false;
    default:
      return undefined;
  }
}

/** Content of the config file that code or environment names; empty when neither names one. */
export function readConfigFileOf(
  option: unknown,
  env: NodeJS.ProcessEnv,
  report: ConfigReport,
): ConfigFileValues {
  const setting = configFileSetting(option, env);
  if (setting === undefined) {
    return {};
  }
  const { value } = setting;
  if (typeof value !== 'string' || value.trim() === '') {
    reportFinding(report, setting, {
      code: 'option-invalid',
      message: 'The option "configFile" must be a path, true or false.',
      fix: 'Correct it or leave it out.',
    });
    return {};
  }
  const reading = readConfigFile(value);
  switch (reading.type) {
    case 'read':
      report.warnings.push(...reading.warnings);
      return reading.values;
    case 'missing':
      reportFinding(report, setting, {
        code: 'config-file-missing',
        message: reading.message,
        fix: 'Make it with "npx posthog-llm-exporter configure", or name another file.',
      });
      return {};
    case 'unusable':
      reportFinding(report, setting, {
        code: 'config-file-invalid',
        message: reading.message,
        fix: 'Correct it, or make a new one with "npx posthog-llm-exporter configure".',
      });
      return {};
  }
}

function configFileSetting(option: unknown, env: NodeJS.ProcessEnv): Setting | undefined {
  if (option !== undefined) {
    const value = option === true ? defaultConfigFile(env) : option;
    return option === false ? undefined : { name: 'configFile', source: 'option', value };
  }
  const path = readVariable(env, CONFIG_FILE_VARIABLE);
  return path === undefined ? undefined : { name: CONFIG_FILE_VARIABLE, source: 'environment', value: path };
}
