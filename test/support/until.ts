/** Waits until something holds; fails after the time with what it waited for. */
export async function until(holds: () => boolean, timeoutMs = 120_000): Promise<void> {
  const endsAtMs = performance.now() + timeoutMs;
  while (!holds()) {
    if (performance.now() > endsAtMs) throw new Error(`never held: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
