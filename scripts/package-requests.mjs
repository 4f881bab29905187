import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Runs in the project: exports one span by what the package bundles, and tells what a proxy of the environment saw. */
const CODE = `
const LOAD = (name) => EXPRESSION;
(async () => {
  const { createServer } = await import('node:http');
  const seen = [];
  const proxy = createServer((request, response) => {
    seen.push(request.method + ' ' + request.url);
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{}'));
  });
  proxy.on('connect', (request, socket) => {
    seen.push('CONNECT ' + request.url);
    socket.on('error', () => {}).write('HTTP/1.1 200 OK\\r\\n\\r\\n');
    socket.once('data', ([first]) => {
      seen.push(first === 22 ? 'TLS' : 'not TLS');
      socket.destroy();
    });
  });
  await new Promise((listening) => proxy.listen(0, '127.0.0.1', listening));
  const { port } = proxy.address();
  const { PostHogLLMSpanProcessor } = await LOAD('PACKAGE');
  const { BasicTracerProvider } = await LOAD('@opentelemetry/sdk-trace-base');
  const send = async (endpoint) => {
    const options = { apiKey: 'phc_requests', endpoint, onError: () => {}, maxRetries: 0 };
    const processor = new PostHogLLMSpanProcessor(options);
    const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('requests');
    const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' };
    tracer.startSpan('chat', { attributes }).end();
    await processor.forceFlush().catch(() => {});
  };
  const proxied = ['HTTP_PROXY', 'HTTPS_PROXY'];
  for (const name of [...proxied, 'NO_PROXY']) for (const n of [name, name.toLowerCase()]) delete process.env[n];
  await send('http://127.0.0.1:' + port);
  const isGlobal = [1, 2].some((version) => Symbol.for('undici.globalDispatcher.' + version) in globalThis);
  for (const name of proxied) process.env[name] = 'http://127.0.0.1:' + port;
  await send('http://posthog.example.test');
  await send('https://posthog.example.test');
  process.stdout.write(JSON.stringify({ seen, isGlobal }), () => process.exit(0));
})();
`;

/**
 * The package sends directly, and over HTTP and HTTPS through a proxy, by the parts of undici that are in it, and leaves the
 * application's global dispatcher, which Node's `fetch` uses, alone.
 * @param {string} project where the package is installed
 * @param {string} name of the package
 * @param {(program: string, args: string[], cwd: string) => string} run
 */
export function checkRequests(project, name, run) {
  for (const [file, expression] of [
    ['requests.mjs', 'import(name)'],
    ['requests.cjs', 'require(name)'],
  ]) {
    writeFileSync(join(project, file), CODE.replace('EXPRESSION', expression).replace('PACKAGE', name));
    const { seen, isGlobal } = JSON.parse(run(process.execPath, [file], project));
    assert.equal(isGlobal, false, 'a request sets the global dispatcher');
    const inOrder = [/^POST \//, /^CONNECT .*:80$/, /^not TLS$/, /^CONNECT .*:443$/, /^TLS$/];
    const left = seen.reduce((wanted, line) => (wanted[0]?.test(line) ? wanted.slice(1) : wanted), inOrder);
    assert.deepEqual(left, [], `${file}: not all requests were seen in ${JSON.stringify(seen)}`);
  }
}
