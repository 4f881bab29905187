// The receiving end, a process of its own: answers at once, and says afterwards what it got.
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { END_MARK } from './end-mark.mjs';

let bodies = [];
let counts = { requests: 0, bytes: 0 };

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    counts.requests += 1;
    counts.bytes += body.length;
    bodies.push({ body, isGzip: request.headers['content-encoding'] === 'gzip' });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":1}');
  });
});

/** Ends of output that arrived; counted after the clock has stopped. */
function endsIn({ body, isGzip }) {
  const text = isGzip ? gunzipSync(body) : body;
  let ends = 0;
  for (let at = text.indexOf(END_MARK); at >= 0; at = text.indexOf(END_MARK, at + 1)) ends += 1;
  return ends;
}

process.on('message', (message) => {
  if (message === 'count') {
    process.send({ ...counts });
    return;
  }
  if (message === 'report') {
    process.send({ ...counts, arrived: bodies.reduce((sum, body) => sum + endsIn(body), 0) });
  }
  bodies = [];
  counts = { requests: 0, bytes: 0 };
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
