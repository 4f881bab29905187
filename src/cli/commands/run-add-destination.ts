import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { addDestination, type NewDestination } from '../../config/add-destination.ts';
import { CONFIG_FILE_VARIABLE, readConfigContent, readConfigText } from '../../config/config-file.ts';
import { readVariable } from '../../config/config-report.ts';
import { knownOptions } from '../../config/file-of-options.ts';
import { resolveReferences } from '../../config/file-references.ts';
import { ALL_OPTIONS, type ResolvedConfig, readDestination } from '../../config/resolve-config.ts';
import { FILE_MODE, replaceConfigText } from '../../config/write-config-file.ts';
import { shownUrl } from '../../ledger/shown-url.ts';
import { askForDestination } from '../configure-questions.ts';
import { printResult, testSettings } from '../connection-check.ts';
import type { CliIo, Output } from '../io.ts';
import { createPrompter } from '../prompts.ts';
import { complainAbout, type PrivacyFlags } from '../settings.ts';

export interface AddDestinationFlags extends PrivacyFlags {
  readonly file?: string;
  /** The key, or a reference to it, which is written as it is. */
  readonly apiKey?: string;
  readonly endpoint?: string;
}

const NOTHING_WRITTEN = 'Nothing was written.';

/** Asks for a destination, tests it, and writes it into the file if the test passes. 0 when it is written, else 1. */
export async function runAddDestination(
  name: string | undefined,
  { file, ...flags }: AddDestinationFlags,
  io: CliIo,
  output: Output,
): Promise<0 | 1> {
  const fail = (reason: string): 1 => {
    output.complain(`${reason}\n${NOTHING_WRITTEN}`);
    return 1;
  };
  const given = file ?? readVariable(io.env, CONFIG_FILE_VARIABLE);
  if (given === undefined) return fail(`Name the file with --file, or set ${CONFIG_FILE_VARIABLE}.`);
  const path = resolve(given);
  const reading = readConfigText(path);
  if (reading.type === 'unusable') return fail(reading.messages[0]);
  const text = reading.type === 'text' ? reading.text : '';

  const destination = await complete({ name, ...flags }, io, output);
  if (destination === undefined)
    return fail('Give a name, --api-key and --endpoint, or run it in a terminal.');
  const isJson = text.trim() === '' ? /\.json$/i.test(path) : text.trimStart().startsWith('{');
  const added = addDestination(text, destination, isJson);
  if (added.type === 'refused') return fail(`The file ${path} stays as it is: ${added.reason}.`);

  const config = checked(path, destination, io, output);
  if (config === undefined) return fail('The destination cannot be used.');
  output.print(`Testing ${shownUrl(config.endpoint)} …`);
  const result = await testSettings(config, io);
  printResult(result, config.apiKey.toString(), output);
  if (result.status !== 'ok') return fail(`"${destination.name}" did not pass the test.`);
  try {
    await replaceConfigText(path, added.text, modeOf(path));
  } catch (error) {
    return fail(`${path} cannot be written: ${error instanceof Error ? error.message : 'no details'}`);
  }
  output.print(`Added "${destination.name}" to ${path}. A gateway that runs takes it when it gets SIGHUP.`);
  return 0;
}

/** Asks for what is missing, in a terminal only; `undefined` when something is missing all the same. */
async function complete(
  given: Partial<NewDestination>,
  io: CliIo,
  output: Output,
): Promise<NewDestination | undefined> {
  const { name, apiKey, endpoint, privacyMode = false } = given;
  if (name !== undefined && apiKey !== undefined && endpoint !== undefined) {
    return { name, apiKey, endpoint, privacyMode };
  }
  if (io.stdin.isTTY !== true) return undefined;
  const prompter = createPrompter(io);
  try {
    return await askForDestination(given, prompter, output);
  } finally {
    prompter.close();
  }
}

/** The configuration of the destination alone, so that what is missing for others does not matter now. */
function checked(
  path: string,
  destination: NewDestination,
  io: CliIo,
  output: Output,
): ResolvedConfig | undefined {
  const sources = { env: io.env, folder: dirname(path) };
  const key = resolveReferences(destination.apiKey, sources);
  if (key.type === 'text') output.hide(key.text);
  const text = JSON.stringify({ destinations: [destination] });
  const reading = readConfigContent(path, { text, isOpenToOthers: false }, io.env, knownOptions(ALL_OPTIONS));
  if (reading.type !== 'read') {
    if (reading.type === 'unusable') {
      const reasons = key.type === 'flaw' ? [`--api-key: ${key.flaw}.`] : reading.messages;
      for (const message of reasons) output.complain(message);
    }
    return undefined;
  }
  const [only] = reading.destinations;
  if (!only) return undefined;
  const { config, problems } = readDestination(only, io.env, { dispatcher: io.dispatcher, enabled: true });
  complainAbout(problems, output);
  return problems.length === 0 ? config : undefined;
}

/** A file stays readable by those who read it; a new one is its owner's. */
function modeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? FILE_MODE : found.mode & 0o777;
}
