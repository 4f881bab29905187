import type { Readable, Writable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Region } from '../config/endpoint.ts';
import { maskSecretsIn } from '../config/secret.ts';
import { printable } from '../ledger/printable.ts';

/** The outside world of the command line. */
export interface CliIo {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: NodeJS.ProcessEnv;
  /** Default: undici's global dispatcher. */
  readonly dispatcher?: Dispatcher;
  /** Default: the regions of PostHog Cloud. */
  readonly regions?: readonly Region[];
}

/** All that is printed goes through here, so that no key can slip into any of it, and no escape sequence from outside. */
export interface Output {
  /** Results, to standard output. */
  print(text: string): void;
  /** Warnings and errors, to standard error. */
  complain(text: string): void;
  /** Masks this value from now on, also when it does not look like a key of PostHog. */
  hide(secret: string | undefined): void;
}

/** Masking shorter values would garble ordinary words; no key is that short. */
const MIN_SECRET_LENGTH = 8;

export function createOutput({ stdout, stderr, env }: CliIo): Output {
  const secrets = new Set<string>();
  const writeTo = (stream: Writable) => (text: string) => {
    stream.write(printable(maskSecretsIn(text.endsWith('\n') ? text : `${text}\n`, [...secrets])));
  };
  const hide = (secret: string | undefined) => {
    const trimmed = secret?.trim() ?? '';
    if (trimmed.length >= MIN_SECRET_LENGTH) {
      secrets.add(trimmed);
    }
  };
  hide(env['POSTHOG_API_KEY']);
  return { print: writeTo(stdout), complain: writeTo(stderr), hide };
}
