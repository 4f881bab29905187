import { secretCheck } from './secret-check.ts';

/** Who may send, by the key that comes with a request. */
export interface Sender {
  readonly name: string;
  readonly key: string;
  /** Header that carries the key, for senders that can set no other. Lower case. */
  readonly header?: string | undefined;
}

/** Headers of a request, with lower-case names; of a repeated header the first counts. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The sender of a request: its key comes as `Authorization: Bearer KEY`, as user or password of `Authorization: Basic`,
 * as `x-api-key`, or in the header that the sender names. Every key is compared, each in constant time.
 */
export type IdentifySender = (headers: RequestHeaders) => Sender | undefined;

export function createSenders(senders: readonly Sender[]): IdentifySender {
  const known = senders.map((sender) => ({ sender, isKey: secretCheck(sender.key) }));
  return (headers) => {
    const common = commonKeys(headers);
    let found: Sender | undefined;
    for (const { sender, isKey } of known) {
      const own = sender.header === undefined ? undefined : first(headers[sender.header]);
      const keys = own === undefined ? common : [...common, own];
      for (const key of keys) if (isKey(key)) found ??= sender;
    }
    return found;
  };
}

function commonKeys(headers: RequestHeaders): string[] {
  const [scheme = '', credentials = ''] = first(headers.authorization)?.split(/\s+(.*)/s) ?? [];
  const apiKey = first(headers['x-api-key']);
  return [
    ...(scheme.toLowerCase() === 'bearer' ? [credentials.trim()] : []),
    ...(scheme.toLowerCase() === 'basic' ? userAndPassword(credentials) : []),
    ...(apiKey === undefined ? [] : [apiKey]),
  ];
}

function userAndPassword(credentials: string): string[] {
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)].filter((part) => part !== '');
}

function first(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
