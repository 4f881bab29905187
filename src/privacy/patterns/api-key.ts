import { type Found, lastGroup, replaceFound, searchBy, WORD_BEGIN, whole } from './scan.ts';

/** Beginnings of keys whose rest is one unbroken run of letters and digits. */
const STRICT = [
  // Groq, Hugging Face, Replicate, Fireworks, npm, Notion, Linear
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

const MARKED_KEY = new RegExp(
  String.raw`${WORD_BEGIN}(?:(?:${STRICT.join('|')})[A-Za-z0-9]{20,}|(?:${LOOSE.join('|')})[A-Za-z0-9_.=-]{16,})`,
  'g',
);

/** Amazon access key ids. */
const AMAZON_KEY = new RegExp(
  String.raw`${WORD_BEGIN}A(?:KIA|SIA|GPA|IDA|ROA)[A-Z0-9]{16}(?![A-Za-z0-9])`,
  'g',
);

/** JSON Web Tokens: header and payload are JSON, so both begin with `{"` in base64. */
const WEB_TOKEN = /(?:(?<![\w-])|(?<=\\[bfnrt]))eyJ[\w-]{10,}\.eyJ[\w-]{4,}\.[\w-]*/g;

/** A value behind a name that says it is a key: code, JSON (also inside JSON text), YAML, headers, query strings. */
const NAMED_KEY =
  /(api[_-]?key|secret[_-]?key|client[_-]?secret|secret|token|password|passwd)["'\\]{0,4}[ \t]{0,4}(?::|=>?)[ \t]{0,4}["'\\]{0,4}([A-Za-z0-9_+/=.~!@#$%^*-]{8,})/gi;

/** Shorter values behind a name are words more often than keys; passwords may be short. */
const MIN_NAMED_LENGTH = 16;

const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/g;

/** Replaces keys of common services, JSON Web Tokens, private keys, and values whose name says that they are keys. */
export function redactApiKeys(text: string, notice: string): string {
  let rest = text.includes('PRIVATE KEY-----') ? redactPrivateKeys(text, notice) : text;
  rest = replaceFound(rest, notice, searchBy(rest, MARKED_KEY, markedKey, 'behind'));
  rest = replaceFound(rest, notice, searchBy(rest, AMAZON_KEY, whole));
  rest = replaceFound(rest, notice, searchBy(rest, WEB_TOKEN, whole));
  return replaceFound(rest, notice, searchBy(rest, NAMED_KEY, namedKey, 'behind'));
}

/** Identifiers of code and words joined by hyphens are all small letters; keys are not. */
function markedKey(match: RegExpExecArray): Found | undefined {
  const [key] = match;
  return /\d/.test(key) || /[A-Z][a-z]|[a-z][A-Z]/.test(key.slice(key.search(/[_.-]/)))
    ? trimmed(whole(match), key)
    : undefined;
}

function namedKey(match: RegExpExecArray): Found | undefined {
  const [, name = '', value = ''] = match;
  const isLongEnough = value.length >= MIN_NAMED_LENGTH || /^pass/i.test(name);
  return isLongEnough && /\d/.test(value) && /[A-Za-z]/.test(value)
    ? trimmed(lastGroup(match), value)
    : undefined;
}

/** The full stop of the sentence is not part of the key. */
function trimmed({ start, end }: Found, key: string): Found {
  let { length } = key;
  while (length > 0 && key.charAt(length - 1) === '.') length--;
  return { start, end: end - (key.length - length) };
}

/** From the first line to the last; a key without a last line goes up to the end of the text. */
function redactPrivateKeys(text: string, notice: string): string {
  const keyAt = (match: RegExpExecArray): Found => {
    const last = text.indexOf('-----END', match.index + match[0].length);
    const close = last < 0 ? -1 : text.indexOf('-----', last + '-----END'.length);
    return { start: match.index, end: close < 0 ? text.length : close + '-----'.length };
  };
  return replaceFound(text, notice, searchBy(text, PRIVATE_KEY, keyAt));
}
