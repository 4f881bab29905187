import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the interop checks build or fetch once stands outside the repository. */
export function cacheFolder(name) {
  const root = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return join(root, 'posthog-llm-exporter-interop', name);
}
