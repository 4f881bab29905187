// `instrumentation.ts` in the root of a Next.js project. Next calls `register` once, in each of its runtimes.
export async function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') await import('./instrumentation.node.js');
}
