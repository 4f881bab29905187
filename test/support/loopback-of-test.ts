import { onTestFinished } from 'vitest';
import { type LoopbackOptions, type LoopbackPostHog, startLoopbackPostHog } from './loopback-posthog.ts';

/** A loopback PostHog that is closed when the test that starts it is over. */
export async function loopbackOfTest(options: LoopbackOptions = {}): Promise<LoopbackPostHog> {
  const posthog = await startLoopbackPostHog(options);
  onTestFinished(() => posthog.close());
  return posthog;
}
