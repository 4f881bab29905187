// What Next.js does around the files of this example, in the same order.
import { trace } from '@opentelemetry/api';

const afterwards = [];

/** `after` of 'next/server': runs work once the answer is sent. */
export function after(work) {
  afterwards.push(work);
}

/** Calls the instrumentation hook, then handles one request in a span of Next's own. */
export async function serve(request) {
  process.env.NEXT_RUNTIME = 'nodejs';
  const { register } = await import('./instrumentation.js');
  await register();
  const { POST } = await import('./app/route.js');
  const attributes = { 'next.span_type': 'BaseServer.handleRequest', 'http.method': request.method };
  const response = await trace
    .getTracer('next.js', '0.0.1')
    .startActiveSpan('POST /api/advice', { attributes }, async (span) => {
      try {
        return await POST(request);
      } finally {
        span.end();
      }
    });
  const done = await Promise.all(afterwards.splice(0).map((work) => work()));
  return { response, done };
}
