// The floor: serialises and sends the same events and does nothing else. No mapping, checks, retries or options.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Pool } from 'undici';

const CONTENT = {
  'gen_ai.input.messages': '$ai_input',
  'gen_ai.output.messages': '$ai_output_choices',
  'gen_ai.tool.definitions': '$ai_tools',
};
const MAX_BODY_CHARACTERS = 5 * 1024 * 1024;
const gzipped = promisify(gzip);

function eventOf(span) {
  const { traceId, spanId } = span.spanContext();
  const properties = { $ai_trace_id: traceId, $ai_span_id: spanId, $ai_span_name: span.name };
  for (const [name, value] of Object.entries(span.attributes)) {
    if (name in CONTENT) properties[CONTENT[name]] = JSON.parse(value);
    else properties[name] = value;
  }
  const timestamp = new Date(span.endTime[0] * 1000).toISOString();
  return { event: '$ai_generation', distinct_id: span.attributes['user.id'], timestamp, properties };
}

/** Bodies of about 5 MiB, two of them under way at a time. */
export function createFloor(url, isGzip) {
  const pool = new Pool(url, { connections: 2 });
  const headers = { 'content-type': 'application/json', ...(isGzip ? { 'content-encoding': 'gzip' } : {}) };
  const send = async (spans) => {
    const json = JSON.stringify({ api_key: 'phc_bench', batch: spans.map(eventOf) });
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
