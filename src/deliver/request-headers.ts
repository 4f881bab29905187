import { validateHeaderName, validateHeaderValue } from 'node:http';

type HeaderValues = Readonly<Record<string, string>>;

/** The application's own headers, or a function that gives them before each request. */
export type HeadersSource = HeaderValues | (() => HeaderValues | Promise<HeaderValues>);

/** Headers that describe the body or the connection: only the exporter and undici know their right values. */
const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Headers as they can be sent, or what is wrong with them; names, never values. */
export type HeadersResult =
  | {
      readonly type: 'headers';
      readonly headers: Readonly<Record<string, string>>;
      /** Headers of the application that were left out because they are reserved. */
      readonly ignored: readonly string[];
    }
  | { readonly type: 'unusable'; readonly message: string };

/** Puts the application's headers over `own`. Reserved headers of the application are left out. */
export function mergeHeaders(own: HeaderValues, theirs: HeaderValues): HeadersResult {
  const headers: Record<string, string> = { ...own };
  const ignored: string[] = [];
  for (const [name, value] of Object.entries(theirs)) {
    const key = name.toLowerCase();
    if (RESERVED_HEADERS.has(key)) {
      ignored.push(key);
    } else if (isSendable(name, value)) {
      headers[key] = value;
    } else {
      return { type: 'unusable', message: `the header ${JSON.stringify(name)} cannot be sent` };
    }
  }
  return { type: 'headers', headers, ignored };
}

function isSendable(name: string, value: unknown): value is string {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value as string);
    return typeof value === 'string';
  } catch {
    return false;
  }
}
