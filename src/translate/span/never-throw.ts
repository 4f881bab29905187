/**
 * Runs a reader over values that the application made. JSON cannot make a reader throw; a getter or a proxy can, and
 * such a value is as good as absent.
 */
export function neverThrow<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
