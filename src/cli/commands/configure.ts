import { resolve } from 'node:path';
import { defaultConfigFile, readConfigText } from '../../config/config-file.ts';
import type { ResolvedConfig } from '../../config/resolve-config.ts';
import { reasonNotToReplace, writeConfigFile } from '../../config/write-config-file.ts';
import { shownUrl } from '../../ledger/shown-url.ts';
import type { AddCommand } from '../command.ts';
import { askForSettings } from '../configure-questions.ts';
import { printResult, testSettings } from '../connection-check.ts';
import type { CliIo, Output } from '../io.ts';
import { createPrompter } from '../prompts.ts';
import { type ConfigureFlags, complainAbout, noteOddities, readSettings } from '../settings.ts';
import { withConnectionFlags, withPrivacyFlags } from '../shared-flags.ts';

export const addConfigure: AddCommand = (program, act) => {
  withPrivacyFlags(withConnectionFlags(program.command('configure')))
    .description('Ask for key, endpoint and privacy mode, test them, and save them only if the test passes.')
    .addHelpText('after', HELP)
    .action((flags: ConfigureFlags) => act((io, output) => runConfigure(flags, io, output)));
};

const HELP = `
Asks for what no flag gives when run in a terminal; the key is not shown while it is typed.
An existing file stays as it is unless the test passes.

Examples:
  $ posthog-llm-exporter configure
  $ POSTHOG_API_KEY=phc_… posthog-llm-exporter configure --endpoint eu --privacy-mode --file ./posthog.json`;

const NOTHING_SAVED = 'Nothing was saved.';

/** Asks for settings, tests them, and saves them if the test passes. 0 when they are saved, else 1. */
export async function runConfigure(flags: ConfigureFlags, io: CliIo, output: Output): Promise<0 | 1> {
  const path = resolve(flags.file ?? (io.env['POSTHOG_LLM_CONFIG']?.trim() || defaultConfigFile(io.env)));
  const reason = reasonNotToReplace(path);
  if (reason !== undefined) {
    output.complain(`${reason}\nRemove it, or name another file with --file. ${NOTHING_SAVED}`);
    return 1;
  }
  const config = await gatherSettings(flags, path, io, output);
  if (config === undefined) {
    output.complain(NOTHING_SAVED);
    return 1;
  }
  output.print(`Testing ${shownUrl(config.endpoint)} …`);
  const result = await testSettings(config, io);
  printResult(result, config.apiKey.toString(), output);
  if (result.status !== 'ok') {
    output.complain(NOTHING_SAVED);
    return 1;
  }
  return save(path, config, io, output);
}

/** Flags, answers, environment and the file so far, checked; `undefined` when they cannot be used. */
async function gatherSettings(
  flags: ConfigureFlags,
  path: string,
  io: CliIo,
  output: Output,
): Promise<ResolvedConfig | undefined> {
  // The file is going to be written, but need not be there yet to be read.
  const configFile = readConfigText(path).type === 'text' ? path : false;
  const answers = await completeFlags(flags, readSettings(flags, io, output, configFile).config, io, output);
  if (answers === undefined) {
    return undefined;
  }
  const reading = readSettings(answers, io, output, configFile);
  noteOddities(reading, flags, io, output);
  complainAbout(reading.problems, output);
  return reading.problems.length === 0 ? reading.config : undefined;
}

/** Asks for what no flag gives, in a terminal only; `undefined` when the user gives up. */
async function completeFlags(
  flags: ConfigureFlags,
  inForce: ResolvedConfig,
  io: CliIo,
  output: Output,
): Promise<ConfigureFlags | undefined> {
  const isComplete = [flags.apiKey, flags.endpoint, flags.privacyMode].every((value) => value !== undefined);
  if (isComplete || io.stdin.isTTY !== true) {
    return flags;
  }
  const prompter = createPrompter(io);
  try {
    return await askForSettings(flags, inForce, prompter, output);
  } finally {
    prompter.close();
  }
}

async function save(path: string, config: ResolvedConfig, io: CliIo, output: Output): Promise<0 | 1> {
  try {
    await writeConfigFile(path, {
      apiKey: config.apiKey.reveal(),
      endpoint: config.endpoint,
      privacyMode: config.privacyMode === true,
    });
  } catch (error) {
    output.complain(`${path} cannot be written: ${error instanceof Error ? error.message : 'no details'}`);
    output.complain(`Name another file with --file. ${NOTHING_SAVED}`);
    return 1;
  }
  const option = path === defaultConfigFile(io.env) ? 'true' : JSON.stringify(path);
  output.print(`Saved to ${path}, readable by you only.`);
  output.print(
    `The exporter reads it with the option configFile: ${option}, or with POSTHOG_LLM_CONFIG=${path}`,
  );
  return 0;
}
