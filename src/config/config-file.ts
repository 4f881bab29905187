import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { DESTINATION_KEYS, GATEWAY_DESTINATION_KEYS, GATEWAY_KEYS } from './config-file-keys.ts';
import { meantName } from './option-names.ts';
import { type FileFlaw, type FileSection, type FileValue, parseConfigText } from './parse-config-text.ts';

/** One destination of a file. Its values are as found; they are checked with those of the other sources. */
export interface FileDestination {
  /** Absent in a file that has one destination only. */
  readonly name?: string;
  readonly values: FileSection;
}

/** Closed: reading a config file never throws. */
export type ConfigFileReading =
  | {
      readonly type: 'read';
      readonly path: string;
      readonly destinations: readonly FileDestination[];
      /** Everything that stands at the top, for the keys of the gateway. */
      readonly top: FileSection;
      /** The keys for the gateway, at the top or in a destination. */
      readonly gatewayKeys: readonly string[];
      readonly warnings: readonly string[];
    }
  | { readonly type: 'missing'; readonly message: string }
  /** It is there, but is no config file, cannot be opened, or holds what is wrong at these places. */
  | { readonly type: 'unusable'; readonly messages: readonly [string, ...string[]] };

/** Whether a name is that of an option that a file can hold, and which one was meant when it is not. */
export interface KnownOptions {
  has(name: string): boolean;
  meant(name: string): string | undefined;
}

export const CONFIG_FILE_VARIABLE = 'POSTHOG_LLM_CONFIG';

/** A config file has short values; whatever is larger is another file. */
const MAX_CONFIG_FILE_BYTES = 64 * 1024;

const GROUP_AND_OTHERS = 0o077;

/**
 * Where the config file is unless another path is named: `posthog-llm-exporter/config.json` under
 * `$XDG_CONFIG_HOME`, else under `~/.config` (on macOS too, as command-line tools do); on Windows under `%APPDATA%`.
 */
export function defaultConfigFile(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  return join(userConfigDirectory(env, platform), 'posthog-llm-exporter', 'config.json');
}

/** The same where it is there, as `configure` writes it. */
export function writtenConfigFile(env: NodeJS.ProcessEnv): string | undefined {
  const path = defaultConfigFile(env);
  return existsSync(path) ? path : undefined;
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

/** The text of a config file, or why there is none. Messages name the path and never quote the content. */
export function readConfigText(
  path: string,
):
  | { readonly type: 'text'; readonly text: string; readonly isOpenToOthers: boolean }
  | Exclude<ConfigFileReading, { type: 'read' }> {
  try {
    const { size, mode } = statSync(path);
    if (size > MAX_CONFIG_FILE_BYTES) {
      return { type: 'unusable', messages: [`The file ${path} is too large to be a config file.`] };
    }
    // Editors on Windows put a byte order mark in front; their Node makes up the bits of others.
    const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    return {
      type: 'text',
      text,
      isOpenToOthers: process.platform !== 'win32' && (mode & GROUP_AND_OTHERS) !== 0,
    };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? { type: 'missing', message: `There is no config file ${path}.` }
      : { type: 'unusable', messages: [`The config file ${path} cannot be read (${code}).`] };
  }
}

/** Reads a config file with its references. */
export function readConfigFile(path: string, env: NodeJS.ProcessEnv, known: KnownOptions): ConfigFileReading {
  const reading = readConfigText(path);
  return reading.type === 'text' ? readConfigContent(path, reading, env, known) : reading;
}

/** As {@link readConfigFile}, of a text that stands in the file, or is going to. */
export function readConfigContent(
  path: string,
  { text, isOpenToOthers }: { readonly text: string; readonly isOpenToOthers: boolean },
  env: NodeJS.ProcessEnv,
  known: KnownOptions,
): ConfigFileReading {
  const { top, destinations, flaws } = parseConfigText(text, { env, folder: dirname(path) });
  const isList = destinations !== undefined;
  const found = [
    ...flaws,
    ...unknownNames(top, isList ? FILE_WITH_LIST : FILE_WITHOUT_LIST, isList ? NO_OPTIONS : known),
    ...(destinations ?? []).flatMap((each) => unknownNames(each, DESTINATION, known)),
    ...(destinations ?? []).flatMap((each, index) => nameFlaws(each, index, destinations ?? [])),
  ];
  const [first, ...rest] = found.map(
    ({ place, message }) => `The config file ${path}, ${place}: ${message}.`,
  );
  if (first !== undefined) return { type: 'unusable', messages: [first, ...rest] };
  const sections = destinations?.map((each) => withSharedSpool(each, top.get('spool'))) ?? [top];
  const gatewayKeys = [top, ...(destinations ?? [])].flatMap((section) =>
    [...section.keys()].filter((name) => !known.has(name) && GATEWAY_NAMES.has(name)),
  );
  return {
    type: 'read',
    path,
    top,
    destinations: sections.map((values) => {
      const name = values.get('name')?.value;
      return typeof name === 'string' && isList ? { name, values } : { values };
    }),
    gatewayKeys: [...new Set(gatewayKeys)],
    warnings: isOpenToOthers && sections.some(holdsKey) ? [openFileWarning(path)] : [],
  };
}

const GATEWAY_NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(GATEWAY_KEYS),
  ...Object.keys(GATEWAY_DESTINATION_KEYS),
]);
const FILE_WITHOUT_LIST = ['$schema', ...Object.keys(GATEWAY_KEYS)];
const FILE_WITH_LIST = [...FILE_WITHOUT_LIST, 'destinations', 'spool'];
const DESTINATION = [...Object.keys(DESTINATION_KEYS), ...Object.keys(GATEWAY_DESTINATION_KEYS)];
const NO_OPTIONS: KnownOptions = { has: () => false, meant: () => undefined };

function unknownNames(section: FileSection, keys: readonly string[], known: KnownOptions): FileFlaw[] {
  return [...section]
    .filter(([name]) => !known.has(name) && !keys.includes(name))
    .map(([name, { place }]) => {
      const meant = known.meant(name) ?? meantName(name, keys);
      const inList = known === NO_OPTIONS ? '; options belong into each of "destinations"' : '';
      const fix = meant === undefined ? inList : `; write "${meant}"`;
      return { place, message: `there is no option ${JSON.stringify(name)}${fix}` };
    });
}

function nameFlaws(section: FileSection, index: number, all: readonly FileSection[]): FileFlaw[] {
  const name = section.get('name');
  const place = name?.place ?? [...section.values()][0]?.place ?? `destination ${index + 1}`;
  if (typeof name?.value !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(name.value)) {
    return [{ place, message: 'a destination needs a "name" of letters, digits, ".", "_" and "-"' }];
  }
  const isTaken = all.slice(0, index).some((other) => other.get('name')?.value === name.value);
  return isTaken ? [{ place, message: `there are two destinations named "${name.value}"` }] : [];
}

/** A spool that stands beside the destinations is for all of them, each in a directory of its own. */
function withSharedSpool(section: FileSection, shared: FileValue | undefined): FileSection {
  if (section.has('spool') || typeof shared?.value !== 'object' || shared.value === null) return section;
  const { directory } = shared.value as { readonly directory?: unknown };
  if (typeof directory !== 'string') return new Map([...section, ['spool', shared]]);
  const value = { ...shared.value, directory: join(directory, String(section.get('name')?.value)) };
  return new Map([...section, ['spool', { ...shared, value }]]);
}

/** Whether a key stands in the file itself, and not in a variable or another file. */
function holdsKey(section: FileSection): boolean {
  const key = section.get('apiKey');
  return key !== undefined && !key.isReferenced;
}

function openFileWarning(path: string): string {
  return `The config file ${path} holds a key and is open to other users. Run: chmod 600 ${path}`;
}
