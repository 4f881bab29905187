// The floor: serialises and sends the same events and does nothing else. No mapping, checks, retries or options.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Pool } from 'undici';
import { eventJson } from './floor-events.mjs';

const MAX_BODY_CHARACTERS = 5 * 1024 * 1024;
const gzipped = promisify(gzip);

/** Bodies of about 5 MiB, two of them under way at a time. */
export function createFloor(url, isGzip) {
  const pool = new Pool(url, { connections: 2 });
  const headers = { 'content-type': 'application/json', ...(isGzip ? { 'content-encoding': 'gzip' } : {}) };
  const send = async (spans) => {
    const json = `{"api_key":"phc_bench","batch":[${spans.map(eventJson).join(',')}]}`;
    const body = isGzip ? await gzipped(json, { level: 1, chunkSize: 512 * 1024 }) : json;
    const answer = await pool.request({ path: '/batch/', method: 'POST', headers, body });
    await answer.body.dump();
  };
  return {
    async export(spans) {
      const waiting = new Set();
      let group = [];
      let characters = 0;
      const close = async () => {
        const sending = send(group).finally(() => waiting.delete(sending));
        waiting.add(sending);
        group = [];
        characters = 0;
        if (waiting.size > 1) await Promise.race(waiting);
      };
      for (const span of spans) {
        if (span.attributes['http.request.method'] !== undefined) continue;
        group.push(span);
        for (const value of Object.values(span.attributes)) characters += String(value).length;
        if (characters > MAX_BODY_CHARACTERS) await close();
      }
      if (group.length > 0) await close();
      await Promise.all(waiting);
    },
    shutdown: () => pool.close(),
  };
}
