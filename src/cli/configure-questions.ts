import type { NewDestination } from '../config/add-destination.ts';
import { checkApiKey } from '../config/api-key.ts';
import { checkEndpoint } from '../config/endpoint.ts';
import { isOneReference } from '../config/file-references.ts';
import type { Finding } from '../config/option-row.ts';
import { booleanFromText } from '../config/option-rules.ts';
import type { ResolvedConfig } from '../config/resolve-config.ts';
import { shownUrl } from '../ledger/shown-url.ts';
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
      () => prompter.ask(`Endpoint: us, eu or a URL (${shownUrl(inForce.endpoint)}): `),
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

/** As {@link askForSettings}, for a destination of a file. A key may be a reference, which is written as it is. */
export async function askForDestination(
  given: Partial<NewDestination>,
  prompter: Prompter,
  output: Output,
): Promise<NewDestination | undefined> {
  const name =
    given.name ?? (await askUntilUsable(() => prompter.ask('Name (such as product): '), readName, output));
  if (name === undefined) return undefined;
  const apiKey =
    given.apiKey ??
    (await askUntilUsable(
      () =>
        prompter.askHidden('Project API key (phc_…, or a reference such as $' + '{env:NAME}; not shown): '),
      (answer) => (isOneReference(answer) ? { value: answer } : readKey('')(answer)),
      output,
    ));
  if (apiKey === undefined) return undefined;
  const endpoint =
    given.endpoint ??
    (await askUntilUsable(
      () => prompter.ask('Endpoint: us, eu or a URL (us): '),
      (answer) => {
        const reading = readEndpointAnswer('us')(answer);
        return 'value' in reading ? { value: answer === '' ? 'us' : answer } : reading;
      },
      output,
    ));
  if (endpoint === undefined) return undefined;
  const privacyMode =
    given.privacyMode ??
    (await askUntilUsable(
      () => prompter.ask('Privacy mode, withhold prompts and completions? (y/N): '),
      readYesOrNo(false),
      output,
    ));
  return privacyMode === undefined ? undefined : { name, apiKey, endpoint, privacyMode };
}

function readName(answer: string): Reading<string> {
  return answer === '' ? { complaint: 'A destination needs a name.' } : { value: answer };
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
    const check = checkApiKey(answer || current);
    return check.type === 'usable' ? { value: check.apiKey } : complaintOf(check.finding);
  };
}

function readEndpointAnswer(current: string): (answer: string) => Reading<string> {
  return (answer) => {
    const check = checkEndpoint(answer || current);
    return check.type === 'usable' ? { value: check.endpoint } : complaintOf(check.finding);
  };
}

function complaintOf({ message, fix }: Finding): Reading<string> {
  return { complaint: `${message} ${fix}` };
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
