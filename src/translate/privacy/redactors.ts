import { atOnce, type Steps } from '../../json/steps.ts';
import { redactApiKeys } from './patterns/api-key.ts';
import { redactBearerTokens } from './patterns/bearer-token.ts';
import { redactCreditCards } from './patterns/credit-card.ts';
import { redactEmails } from './patterns/email.ts';
import { redactIbans } from './patterns/iban.ts';
import { redactIpAddresses } from './patterns/ip-address.ts';
import { redactPhones } from './patterns/phone.ts';

/** Names of the ready-made maskers. */
export const REDACTOR_NAMES = [
  'email',
  'phone',
  'credit_card',
  'iban',
  'api_key',
  'bearer_token',
  'ip_address',
] as const;

export type RedactorName = (typeof REDACTOR_NAMES)[number];

/** Finds one sort of personal data or secret in text and puts a notice in its place. Pure, and linear in the text. */
export interface Redactor {
  readonly name: RedactorName;
  /** What it finds, for documentation. */
  readonly finds: string;
  /** Stands in place of what was found. */
  readonly notice: string;
  readonly redact: (text: string) => string;
  /** The same, with pauses. */
  readonly redactInSteps: (text: string) => Steps<string>;
}

/** In the order in which they are applied: what contains another's pattern comes first. */
export const REDACTORS: readonly Redactor[] = [
  redactor('bearer_token', 'Tokens behind `Bearer` and in `Authorization` headers', redactBearerTokens),
  redactor(
    'api_key',
    'Keys of common services, JSON Web Tokens, private keys, values named as key, secret, token or password',
    redactApiKeys,
  ),
  redactor('email', 'E-mail addresses', redactEmails),
  redactor('iban', 'Bank account numbers (IBAN) with correct check digits', redactIbans),
  redactor(
    'credit_card',
    "Payment card numbers with an issuer's prefix and a correct check digit",
    redactCreditCards,
  ),
  redactor('ip_address', 'IPv4 and IPv6 addresses, except those of the own host', redactIpAddresses),
  redactor(
    'phone',
    'Phone numbers written with `+`, with separators, or behind a word such as `phone`',
    redactPhones,
  ),
];

/** The maskers of these names, in their proper order. */
export function redactorsNamed(names: readonly RedactorName[]): readonly Redactor[] {
  return REDACTORS.filter(({ name }) => names.includes(name));
}

/** No address, number or key is shorter (`a@b.co`); most names of members are, and need not be looked through. */
const MIN_FOUND_LENGTH = 6;

function redactor(
  name: RedactorName,
  finds: string,
  replace: (text: string, notice: string) => Steps<string>,
): Redactor {
  const notice = `[${name}]`;
  const redact = (text: string) => (text.length < MIN_FOUND_LENGTH ? text : atOnce(replace(text, notice)));
  return { name, finds, notice, redact, redactInSteps: (text) => replace(text, notice) };
}
