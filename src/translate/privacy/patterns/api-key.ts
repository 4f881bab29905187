import { STEP_UNITS, type Steps } from '../../../json/steps.ts';
import { characterFlags, LETTERS_AND_DIGITS, nextRun } from '../../media/character-runs.ts';
import {
  type Found,
  type LookOn,
  lastGroup,
  nextCandidate,
  replaceFound,
  STEP_CANDIDATES,
  searchBy,
} from './scan.ts';

/** Beginnings of keys whose rest is one unbroken run of letters and digits. */
const STRICT = [
  // Groq, Hugging Face, Replicate, Fireworks, npm, Notion, Linear, Perplexity, xAI
  ...['gsk_', 'hf_', 'r8_', 'fw_', 'npm_', 'ntn_', 'secret_', 'lin_api_', 'pplx-', 'xai-'],
  // PostHog, GitHub, Stripe, Shopify, DigitalOcean, Databricks
  ...['ph[cxs]_', 'gh[opusr]_', '[srp]k_(?:live|test)_', 'shp(?:at|ca|pa|ss)_', 'do[opr]_v1_', 'dapi'],
];

/** Beginnings of keys whose rest has signs in it. */
const LOOSE = [
  // OpenAI, Anthropic, OpenRouter, Langfuse, LangSmith, Tavily
  ...['sk-', 'pk-lf-', 'lsv2_', 'tvly-'],
  // GitHub, GitLab, PyPI, Slack, SendGrid, Square, Stripe webhooks, Vault, Doppler
  ...[
    'github_pat_',
    'gl(?:pat|dt|rt)-',
    'pypi-',
    'xox[abeprs]-',
    'xapp-',
    String.raw`SG\.`,
    'sq0(?:atp|csp)-',
    'whsec_',
  ],
  ...[String.raw`hvs\.`, String.raw`dp\.[a-z]{2}\.`],
  // Google
  ...['AIza', String.raw`ya29\.`, 'GOCSPX-'],
];

/** A key by its beginning: of the services above, of Amazon, and JSON Web Tokens (two JSON objects in base64). */
const MARKED_KEY = new RegExp(
  [
    String.raw`(?:(?<!\w)|(?<=\\[bfnrt]))(?:`,
    `(?:${STRICT.join('|')})[A-Za-z0-9]{20,1000000}|`,
    String.raw`(?:${LOOSE.join('|')})[\w.=-]{16,1000000}|`,
    'A(?:KIA|SIA|GPA|IDA|ROA)[A-Z0-9]{16}(?![A-Za-z0-9])|',
    String.raw`(?<!-)eyJ[\w-]{10,1000000}\.eyJ[\w-]{4,1000000}\.[\w-]{0,1000000})`,
  ].join(''),
  'g',
);

/** Words before a value that say it is a key: code, JSON (also inside JSON text), YAML, headers, query strings. */
const NAME_BEFORE =
  /(?:api[_-]?key|secret|secret[_-]?key|access[_-]?key|token|password|passwd)["'\\]{0,4}[ \t]{0,4}(?::|=>?)[ \t]{0,4}["'\\]{0,4}$/i;

/** Longest text that the expression above takes. */
const MAX_NAME_LENGTH = 40;

/** Signs that may stand between a name and its value, besides the one that joins them. */
const SIGNS = '"\'\\ \t';
const MAX_SIGNS = 9;

/** Passwords are shorter than keys. */
const PASSWORD =
  /passw(?:or)?d["'\\]{0,4}[ \t]{0,4}(?::|=>?)[ \t]{0,4}["'\\]{0,4}([A-Za-z0-9_+/.~!@#$%^*-]{8,1000000})/gi;

const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/g;

/** No key is shorter, and few words are longer. */
const MIN_KEY_LENGTH = 16;

const KEY_CHARACTERS = characterFlags(`${LETTERS_AND_DIGITS}_+/.~!@#$%^*-`);

/** Replaces private keys, keys of common services, JSON Web Tokens, and values whose name says that they are keys. */
export function* redactApiKeys(text: string, notice: string): Steps<string> {
  let rest = yield* redactPrivateKeys(text, notice);
  const keys = keysIn(rest);
  rest = yield* replaceFound(rest, notice, () => keys.next().value ?? undefined);
  return yield* replaceFound(rest, notice, searchBy(rest, PASSWORD, password, 'behind'));
}

/** Keys are long unbroken words, so only those are looked at, each once. */
function* keysIn(text: string): Generator<Found | LookOn, undefined> {
  let from = 0;
  for (let runs = 1; from < text.length; runs++) {
    const until = from + STEP_UNITS;
    const run = nextRun(text, from, MIN_KEY_LENGTH, isKeyAt, undefined, until);
    if (run === undefined && until >= text.length) return undefined;
    // One that is looked at from `until` on may begin shortly before it.
    from = run?.end ?? until - MIN_KEY_LENGTH;
    if (run === undefined || runs % STEP_CANDIDATES === 0) yield { lookAt: from };
    if (run === undefined) continue;
    const isMarked = yield* markedKeys(text, run);
    if (!isMarked && isNamed(text, run)) yield withoutFullStop(text, run);
  }
  return undefined;
}

/** @returns whether there are any */
function* markedKeys(text: string, run: Found): Generator<Found | LookOn, boolean> {
  // The letter of a line feed of JSON text (`\n`) touches the key; the sign before it distinguishes the two.
  const from = Math.max(0, run.start - 1);
  const piece = text.slice(from, run.end);
  const stretched = stretchedByTokens(piece);
  let isMarked = false;
  for (let at = 0; ; ) {
    const match = nextCandidate(piece, MARKED_KEY, at, stretched);
    if (match === null) return isMarked;
    if ('lookAt' in match) {
      at = match.lookAt;
      yield match;
      continue;
    }
    const [key] = match;
    const start = from + match.index;
    at = match.index + key.length;
    if (!hasDigit(key) && !hasManyCapitals(key)) continue;
    isMarked = true;
    yield withoutFullStop(text, { start, end: start + key.length });
  }
}

const TOKEN_CHARACTERS = /[\w.-]*/y;

/** A JSON Web Token may be long, and is only seen to be one by its end. Asked for places in their order, looks at each once. */
function stretchedByTokens(text: string): (from: number, end: number) => number {
  let begins = text.indexOf('eyJ');
  let ends = 0;
  return (from, end) => {
    if (begins >= 0 && begins < from) begins = text.indexOf('eyJ', from);
    if (begins < 0 || begins >= end) return end;
    if (ends < end) {
      TOKEN_CHARACTERS.lastIndex = end;
      ends = end + (TOKEN_CHARACTERS.exec(text)?.[0].length ?? 0);
    }
    return ends;
  };
}

function isNamed(text: string, run: Found): boolean {
  let sign = run.start - 1;
  while (sign > run.start - MAX_SIGNS && SIGNS.includes(text.charAt(sign))) sign--;
  // Most words stand behind no `:` or `=`, which is cheaper to see than that they have no such name.
  if (!':=>'.includes(text.charAt(sign)) || sign < 0) return false;
  const before = text.slice(Math.max(0, run.start - MAX_NAME_LENGTH), run.start);
  return NAME_BEFORE.test(before) && isMixed(text.slice(run.start, run.end));
}

function password(match: RegExpExecArray): Found | undefined {
  return isMixed(match[1] ?? '') ? lastGroup(match) : undefined;
}

/** Words and identifiers, which may stand behind such names as well, seldom mix letters and digits. */
function isMixed(value: string): boolean {
  return hasDigit(value) && /[A-Za-z]/.test(value);
}

function hasDigit(value: string): boolean {
  return /\d/.test(value);
}

/** Some keys are letters only, but then of both sizes throughout. */
function hasManyCapitals(key: string): boolean {
  return (key.match(/[a-z][A-Z]/g)?.length ?? 0) >= 4;
}

/** The full stop of the sentence is not part of the key. */
function withoutFullStop(text: string, { start, end }: Found): Found {
  let last = end;
  while (last > start && text.charAt(last - 1) === '.') last--;
  return { start, end: last };
}

/** From their first line to the last; one without a last line goes up to the end of the text. */
function* redactPrivateKeys(text: string, notice: string): Steps<string> {
  if (!text.includes('PRIVATE KEY-----')) return text;
  const keyAt = (match: RegExpExecArray): Found => {
    const last = text.indexOf('-----END', match.index + match[0].length);
    const close = last < 0 ? -1 : text.indexOf('-----', last + '-----END'.length);
    return { start: match.index, end: close < 0 ? text.length : close + '-----'.length };
  };
  return yield* replaceFound(text, notice, searchBy(text, PRIVATE_KEY, keyAt));
}

function isKeyAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code < 128 && KEY_CHARACTERS[code] === 1;
}
