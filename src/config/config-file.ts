import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { type ConfigReport, readVariable, reportFinding, type Setting } from './config-report.ts';
import { typeName } from './type-name.ts';

/** Options that a config file holds. Values are as found; they are checked with those of the other sources. */
export type ConfigFileValues = { readonly [option: string]: unknown };

export const CONFIG_FILE_VARIABLE = 'POSTHOG_LLM_CONFIG';

/** Closed: reading a config file never throws. */
export type ConfigFileReading =
  | { readonly type: 'read'; readonly values: ConfigFileValues; readonly warnings: readonly string[] }
  | { readonly type: 'missing'; readonly message: string }
  /** It is there, but is no config file or cannot be opened. */
  | { readonly type: 'unusable'; readonly message: string };

export const CONFIG_FILE_KEYS = ['apiKey', 'endpoint', 'privacyMode'] as const;

/** A config file has three short values; whatever is larger is another file. */
const MAX_CONFIG_FILE_BYTES = 64 * 1024;

const GROUP_AND_OTHERS = 0o077;

/**
 * Where the config file is kept unless another path is named: `posthog-llm-exporter/config.json` under
 * `$XDG_CONFIG_HOME`, else under `~/.config` (on macOS too, as command-line tools do); on Windows under `%APPDATA%`.
 */
export function defaultConfigFile(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  return join(userConfigDirectory(env, platform), 'posthog-llm-exporter', 'config.json');
}

function userConfigDirectory(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = env['HOME'] || homedir();
  if (platform === 'win32') {
    return env['APPDATA'] || join(homedir(), 'AppData', 'Roaming');
  }
  const configHome = env['XDG_CONFIG_HOME'];
  // The XDG base directory specification: a relative path is to be ignored.
  return configHome !== undefined && isAbsolute(configHome) ? configHome : join(home, '.config');
}

/** Reads a config file. Messages name the path and never quote the content, which holds a key. */
export function readConfigFile(path: string): ConfigFileReading {
  try {
    const { size, mode } = statSync(path);
    if (size > MAX_CONFIG_FILE_BYTES) {
      return { type: 'unusable', message: `The file ${path} is too large to be a config file.` };
    }
    return parseConfigFile(path, readFileSync(path, 'utf8'), permissionWarnings(path, mode));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? { type: 'missing', message: `There is no config file ${path}.` }
      : { type: 'unusable', message: `The config file ${path} cannot be read (${code}).` };
  }
}

function parseConfigFile(path: string, text: string, warnings: string[]): ConfigFileReading {
  let parsed: unknown;
  try {
    // Editors on Windows put a byte order mark in front.
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { type: 'unusable', message: `The config file ${path} is not valid JSON${placeOf(error, text)}.` };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return {
      type: 'unusable',
      message: `The config file ${path} must hold a JSON object, not ${typeName(parsed)}.`,
    };
  }
  const unknown = Object.keys(parsed).filter((key) => !CONFIG_FILE_KEYS.some((known) => known === key));
  if (unknown.length > 0) {
    const names = unknown.map((key) => JSON.stringify(key)).join(', ');
    warnings.push(`The config file ${path} has settings that are unknown and have no effect: ${names}.`);
  }
  return { type: 'read', values: parsed as ConfigFileValues, warnings };
}

/** Line and column, taken from the parser's own message, which itself quotes the content and cannot be shown. */
function placeOf(error: unknown, text: string): string {
  const position = /position (\d+)/.exec(String(error))?.[1];
  if (position === undefined) {
    return '';
  }
  const before = text.slice(0, Number(position)).split('\n');
  return ` (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
}

function permissionWarnings(path: string, mode: number): string[] {
  // Windows has no such bits; Node makes them up.
  return process.platform !== 'win32' && (mode & GROUP_AND_OTHERS) !== 0
    ? [`The config file ${path} holds a key and is open to other users. Run: chmod 600 ${path}`]
    : [];
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
  const reading = readConfigFile(setting.value);
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

/** The path and who named it. A value that is no path is reported with the other options. */
function configFileSetting(
  option: unknown,
  env: NodeJS.ProcessEnv,
): (Setting & { value: string }) | undefined {
  if (option !== undefined) {
    const value = option === true ? defaultConfigFile(env) : option;
    return typeof value === 'string' && value.trim() !== ''
      ? { name: 'configFile', source: 'option', value }
      : undefined;
  }
  const path = readVariable(env, CONFIG_FILE_VARIABLE);
  return path === undefined ? undefined : { name: CONFIG_FILE_VARIABLE, source: 'environment', value: path };
}
