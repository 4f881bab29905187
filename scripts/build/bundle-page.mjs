import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const SOURCE = 'src/gateway/page/app';

/** Served as they are. */
const FILES = ['index.html', 'app.css', 'icon.svg'];

/**
 * Bundles the gateway's page for browsers: one script, which loads nothing else.
 * @param {string} root folder of the repository
 * @param {string} outDir
 * @returns {Promise<string[]>} ids of the modules that were bundled
 */
export async function bundlePage(root, outDir) {
  const folder = join(outDir, 'page');
  mkdirSync(folder, { recursive: true });
  for (const file of FILES) copyFileSync(join(root, SOURCE, file), join(folder, file));
  const build = await rolldown({
    cwd: root,
    input: { app: join(SOURCE, 'main.tsx') },
    platform: 'browser',
    onLog: (level, log, handler) => handler(level === 'warn' ? 'error' : level, log),
  });
  const { output } = await build.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    codeSplitting: false,
    minify: true,
  });
  await build.close();
  return output.flatMap(({ moduleIds = [] }) => moduleIds);
}
