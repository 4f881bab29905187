import { useEffect, useState } from 'preact/hooks';

export type Answer<T> =
  | { readonly type: 'waiting' }
  | { readonly type: 'here'; readonly value: T }
  | { readonly type: 'failed'; readonly message: string };

/**
 * What a question to the gateway was answered with. Keeps the last answer while it asks again.
 * @param inputs what the question depends on; it is asked anew when one changes
 * @param everyMs asks again after this time
 */
export function useAnswer<T>(ask: () => Promise<T>, inputs: readonly unknown[], everyMs?: number): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ type: 'waiting' });
  useEffect(() => {
    let isWanted = true;
    const run = (): void => {
      ask().then(
        (value) => isWanted && setAnswer({ type: 'here', value }),
        (error: unknown) => isWanted && setAnswer({ type: 'failed', message: messageOf(error) }),
      );
    };
    run();
    const timer = everyMs === undefined ? undefined : setInterval(run, everyMs);
    return () => {
      isWanted = false;
      clearInterval(timer);
    };
  }, inputs);
  return answer;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'The gateway does not answer.';
}
