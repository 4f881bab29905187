import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import { writeDurably } from '../deliver/spool/durable-file.ts';
import { readConfigText } from './config-file.ts';

/** What `configure` saves. */
export interface ConfigToSave {
  readonly apiKey: string;
  readonly endpoint: string;
  readonly privacyMode: boolean;
}

/** Owner only: the file holds a key. */
export const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

/** A temporary file this old was left by a process that died; a younger one may belong to a process at work. */
const LEFTOVER_AGE_MS = 10 * 60 * 1000;

/** Options by which a file of ours is recognised. */
const OUR_KEYS = ['apiKey', 'endpoint', 'privacyMode'];

/**
 * Why a file must not be replaced, in words; `undefined` when it may: it is not there, or is a config file. Keeps
 * `--file package.json` from costing anyone a file.
 */
export function reasonNotToReplace(path: string): string | undefined {
  const reading = readConfigText(path);
  switch (reading.type) {
    case 'missing':
      return undefined;
    case 'unusable':
      return reading.messages[0];
    case 'text': {
      const document = parseDocument(reading.text, { prettyErrors: false });
      const { contents } = document;
      if (document.errors.length > 0 || !isMap(contents)) {
        return `The file ${path} is no config of this program: it is not valid YAML or JSON, or holds no object.`;
      }
      if (contents.has('destinations')) {
        return `The config file ${path} has several destinations, which are edited by hand.`;
      }
      const isOurs = contents.items.length === 0 || OUR_KEYS.some((key) => contents.has(key));
      return isOurs ? undefined : `The file ${path} holds something else than a config of this program.`;
    }
  }
}

/**
 * Saves a config file. Settings of the old file that this version does not know are kept. Rejects, with the old file intact,
 * when the disk refuses or the file is not ours.
 */
export async function writeConfigFile(path: string, config: ConfigToSave): Promise<void> {
  const reason = reasonNotToReplace(path);
  if (reason !== undefined) {
    throw new Error(reason);
  }
  await replaceConfigText(path, withSettings(path, config), FILE_MODE);
}

/**
 * Puts a text in place of a config file so that at every moment either the old or the new one is there in full: it is
 * written to a file beside it, forced to disk, and renamed over the old one. Rejects, with the old file intact.
 * @param mode who may read the new file
 */
export async function replaceConfigText(path: string, content: string, mode: number): Promise<void> {
  await makeDirectory(dirname(path));
  // A config file that is a link to another place stays a link.
  const target = await realpath(path).catch(() => path);
  await removeLeftovers(target);
  const temporary = join(dirname(target), `${temporaryPrefix(target)}${randomUUID()}.tmp`);
  await writeDurably(target, temporary, [Buffer.from(content)], mode);
}

/** The text of the file with the settings in it. JSON stays JSON; YAML keeps its comments. */
function withSettings(path: string, config: ConfigToSave): string {
  const existing = readConfigText(path);
  const text = existing.type === 'text' ? existing.text : '';
  const isYaml = /\.ya?ml$/i.test(path) || (text.trim() !== '' && !text.trimStart().startsWith('{'));
  const document = parseDocument(text.trim() === '' ? '{}' : text);
  for (const [name, value] of Object.entries(config)) document.set(name, value);
  if (!isYaml) return `${JSON.stringify(document.toJS(), null, 2)}\n`;
  if (isMap(document.contents)) document.contents.flow = false;
  return String(document);
}

/** As `mkdir -p`, which in Node never ends below a directory that lets nothing be made in it and says ENOENT (`/proc`). */
async function makeDirectory(path: string): Promise<void> {
  const parent = dirname(path);
  if (!existsSync(parent) && parent !== path) await makeDirectory(parent);
  if (!existsSync(path)) await mkdir(path, { mode: DIRECTORY_MODE });
}

/** Removes what a crash half-way left behind, since it holds a key. */
async function removeLeftovers(target: string): Promise<void> {
  const directory = dirname(target);
  const isLeftover = (name: string) => name.startsWith(temporaryPrefix(target)) && name.endsWith('.tmp');
  for (const name of (await readdir(directory)).filter(isLeftover)) {
    const path = join(directory, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > LEFTOVER_AGE_MS) {
      await rm(path, { force: true });
    }
  }
}

function temporaryPrefix(target: string): string {
  return `.${basename(target)}.`;
}
