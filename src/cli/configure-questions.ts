import { checkApiKey } from '../config/api-key.ts';
import { checkEndpoint } from '../config/endpoint.ts';
import { booleanFromText } from '../config/option-rules.ts';
import type { ResolvedConfig } from '../config/resolve-config.ts';
import type { Output } from './io.ts';
import type { Prompter } from './prompts.ts';
import type { ConfigureFlags } from './settings.ts';

type Answers = Required<Pick<ConfigureFlags, 'apiKey' | 'endpoint' | 'privacyMode'>>;

/** What an answer comes to: its value, or what is wrong with it, to be asked again. */
type Reading<T> = { readonly value: T } | { readonly complaint: string };

/**
 * Asks for every setting that no flag gives, offering what is in force so far as the default, until each answer is
 * usable. `undefined` when the user gives up.
 */
export async function askForSettings(
  flags: ConfigureFlags,
  inForce: ResolvedConfig,
  prompter: Prompter,
  output: Output,
): Promise<Answers | undefined> {
  const currentKey = inForce.apiKey.reveal();
  const keyHint = currentKey === '' ? 'phc_…, not shown' : `Enter keeps ${inForce.apiKey}`;
  const apiKey =
    flags.apiKey ??
    (await askUntilUsable(
      () => prompter.askHidden(`Project API key (${keyHint}): `),
      readKey(currentKey),
      output,
    ));
  if (apiKey === undefined) {
    return undefined;
  }
  const endpoint =
    flags.endpoint ??
    (await askUntilUsable(
      () => prompter.ask(`Endpoint: us, eu or a URL (${inForce.endpoint}): `),
      readEndpointAnswer(inForce.endpoint),
      output,
    ));
  if (endpoint === undefined) {
    return undefined;
  }
  const currentPrivacy = inForce.privacyMode === true;
  const privacyMode =
    flags.privacyMode ??
    (await askUntilUsable(
      () =>
        prompter.ask(`Privacy mode, withhold prompts and completions? (${currentPrivacy ? 'Y/n' : 'y/N'}): `),
      readYesOrNo(currentPrivacy),
      output,
    ));
  return privacyMode === undefined ? undefined : { apiKey, endpoint, privacyMode };
}

async function askUntilUsable<T>(
  ask: () => Promise<string | undefined>,
  read: (answer: string) => Reading<T>,
  output: Output,
): Promise<T | undefined> {
  for (;;) {
    const answer = await ask();
    if (answer === undefined) {
      return undefined;
    }
    const reading = read(answer.trim());
    if ('value' in reading) {
      return reading.value;
    }
    output.complain(reading.complaint);
  }
}

function readKey(current: string): (answer: string) => Reading<string> {
  return (answer) => {
    const check = checkApiKey(answer === '' ? current : answer);
    return check.type === 'usable'
      ? { value: check.apiKey }
      : { complaint: `${check.finding.message} ${check.finding.fix}` };
  };
}

function readEndpointAnswer(current: string): (answer: string) => Reading<string> {
  return (answer) => {
    const check = checkEndpoint(answer === '' ? current : answer);
    return check.type === 'usable'
      ? { value: check.endpoint }
      : { complaint: `${check.finding.message} ${check.finding.fix}` };
  };
}

function readYesOrNo(current: boolean): (answer: string) => Reading<boolean> {
  return (answer) => {
    if (answer === '') {
      return { value: current };
    }
    const value = /^y(es)?$/i.test(answer) ? true : /^no?$/i.test(answer) ? false : booleanFromText(answer);
    return value === undefined ? { complaint: 'Answer y or n.' } : { value };
  };
}
