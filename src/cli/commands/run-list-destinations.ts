import { resolve } from 'node:path';
import { CONFIG_FILE_VARIABLE, readConfigFile } from '../../config/config-file.ts';
import { readVariable } from '../../config/config-report.ts';
import { knownOptions } from '../../config/file-of-options.ts';
import { ALL_OPTIONS, readDestination } from '../../config/resolve-config.ts';
import { shownUrl } from '../../ledger/shown-url.ts';
import type { CliIo, Output } from '../io.ts';

/** Prints the destinations of a file, keys masked. 0 when the file can be read and each can be used, else 1. */
export async function runListDestinations(
  { file, json }: { readonly file?: string; readonly json?: boolean },
  { env }: CliIo,
  output: Output,
): Promise<0 | 1> {
  const path = file ?? readVariable(env, CONFIG_FILE_VARIABLE);
  if (path === undefined) {
    output.complain(`Name the file with --file, or set ${CONFIG_FILE_VARIABLE}.`);
    return 1;
  }
  const reading = readConfigFile(resolve(path), env, knownOptions(ALL_OPTIONS));
  if (reading.type !== 'read') {
    for (const message of reading.type === 'missing' ? [reading.message] : reading.messages)
      output.complain(message);
    return 1;
  }
  const rows = reading.destinations.map((destination) => {
    const { config, problems } = readDestination(destination, env, {});
    output.hide(config.apiKey.reveal());
    return {
      name: destination.name ?? '',
      endpoint: shownUrl(config.endpoint),
      apiKey: config.apiKey.toString(),
      privacyMode: config.privacyMode === true,
      ...(config.spool ? { spool: config.spool.directory } : {}),
      problems: problems.map(({ option, message }) => `${option}: ${message}`),
    };
  });
  if (json) output.print(JSON.stringify(rows, null, 2));
  else {
    for (const { name, endpoint, apiKey, privacyMode, spool, problems } of rows) {
      const notes = [...(privacyMode ? ['private'] : []), ...(spool ? [`spool ${spool}`] : [])];
      output.print([name || '(the only one)', endpoint, apiKey, ...notes].join('  '));
      for (const problem of problems) output.complain(`  ${problem}`);
    }
  }
  return rows.every(({ problems }) => problems.length === 0) ? 0 : 1;
}
