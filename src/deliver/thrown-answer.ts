import type { HttpAnswer } from './http-answer.ts';

/** undici names the status with which a proxy refused to connect in these words only. */
const TUNNEL_REFUSED = /^Proxy response \((\d{3})\) !== 200/;

/**
 * An answer that came as an error: undici's interceptors `responseError` and `retry`, which an application may have in its
 * dispatcher, throw statuses from 400, and its proxies throw what they say to CONNECT.
 */
export function thrownAnswer(error: unknown): HttpAnswer | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { message, statusCode, headers, body } = error as Readonly<Record<string, unknown>>;
  const [, refusedWith] = TUNNEL_REFUSED.exec(String(message)) ?? [];
  if (refusedWith !== undefined) return { ...COMPLETE, status: Number(refusedWith), isOfProxy: true };
  if (typeof statusCode !== 'number' || typeof headers !== 'object' || headers === null) return undefined;
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
  return { ...COMPLETE, status: statusCode, headers: headers as HttpAnswer['headers'], text };
}

const COMPLETE = { headers: {}, text: '', isUndecoded: false, complete: true, cutOffBy: undefined } as const;
