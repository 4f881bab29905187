import { type Command, InvalidArgumentError } from 'commander';
import { booleanFromText } from '../config/option-rules.ts';

/** The flags that say which project is meant: `ConnectionFlags`. */
export function withConnectionFlags(command: Command): Command {
  return command
    .option('--api-key <key>', 'project API key (phc_…); others can see it in the process list')
    .option('--endpoint <endpoint>', '"us", "eu", or the URL of a self-hosted PostHog or a proxy')
    .option('--file <path>', 'config file, YAML or JSON')
    .option('--destination <name>', 'one of the destinations in the file');
}

/** The flags that say whether content may leave: `PrivacyFlags`. */
export function withPrivacyFlags(command: Command): Command {
  return command
    .option('--privacy-mode [boolean]', 'withhold prompts and completions', readBoolean)
    .option('--no-privacy-mode', 'send them');
}

/** Reads the value of a flag that is a port. */
export function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('Use a number up to 65535.');
  return port;
}

function readBoolean(text: string): boolean {
  const value = booleanFromText(text);
  if (value === undefined) {
    throw new InvalidArgumentError('Use true or false.');
  }
  return value;
}
