import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { rolldown } from 'rolldown';
import { esmExternalRequirePlugin } from 'rolldown/plugins';
import { asciiOnly } from './ascii-only.mjs';
import { bundlePage } from './bundle-page.mjs';
import { lazyYaml } from './lazy-yaml.mjs';
import { plainHttp } from './plain-http.mjs';
import { undiciParts } from './undici-parts.mjs';

/** Not part of the package: the API must be the application's, since its state is shared; gRPC is for those who install it. */
const PEERS = ['@opentelemetry/api', '@grpc/grpc-js'];
const EXTERNAL = [...PEERS, /^node:/, ...builtinModules];

/**
 * What is built. `register` has an entry of its own for CommonJS, which cannot wait at the top level of a module. The SDK for
 * applications that have none is a file by itself, since it must be loadable at once (`require`) from both module systems.
 */
const BUILDS = [
  {
    format: 'esm',
    extension: 'js',
    input: { index: 'src/index.ts', register: 'src/register.ts', 'cli/main': 'src/cli/main.ts' },
  },
  { format: 'cjs', extension: 'cjs', input: { index: 'src/index.ts', register: 'src/register-require.ts' } },
  {
    format: 'cjs',
    extension: 'cjs',
    input: { 'bundled-provider': 'src/register/bundled-provider.ts' },
    isAlone: true,
  },
];

/**
 * Bundles source and dependencies: few files, since most of the start is finding and reading modules, and nothing of the
 * dependencies that the package has no use for. What is behind `import()` in the source stays in files of its own.
 * @param {string} root folder of the repository
 * @param {string} outDir
 * @returns {Promise<string[]>} folders of the packages that were bundled
 */
export async function bundle(root, outDir) {
  const modules = new Set(await bundlePage(root, outDir));
  for (const build of BUILDS) {
    for (const id of await bundleOne(root, outDir, build)) modules.add(id);
  }
  return packagesOf(root, [...modules]);
}

async function bundleOne(root, outDir, { format, extension, input, isAlone = false }) {
  const found = Object.entries(input).filter(([, file]) => existsSync(join(root, file)));
  if (found.length === 0) return [];
  const plugins = [...(isAlone ? [] : [undiciParts(), lazyYaml()]), asciiOnly()];
  const build = await rolldown({
    cwd: root,
    input: Object.fromEntries(found),
    platform: 'node',
    // OpenTelemetry's packages as ES modules: what is not used of them is left out.
    ...(isAlone ? { resolve: { mainFields: ['module', 'main'] } } : {}),
    ...(format === 'esm'
      ? // A `require` of a module of Node, in a bundled dependency, becomes an `import`.
        { plugins: [...plugins, plainHttp(), esmExternalRequirePlugin({ external: EXTERNAL })] }
      : { plugins, external: EXTERNAL }),
    // A hint that depends on how busy the machine is.
    checks: { bundlerTimings: false },
    onLog: (level, log, handler) => handler(level === 'warn' ? 'error' : level, log),
  });
  const { output } = await build.write({
    dir: outDir,
    format,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `chunk-[name].${extension}`,
    exports: 'named',
    // What any two entries share is one file. What is loaded when it is needed is not in it.
    codeSplitting: isAlone
      ? false
      : { groups: [{ name: 'library', test: isEager, tags: ['$initial'], minShareCount: 2 }] },
    // Readable for those who debug into it. Comments stand in the types and the source, licences in the notices.
    minify: false,
    comments: { jsdoc: false, legal: false, annotation: true },
  });
  await build.close();
  return output.flatMap(({ moduleIds = [] }) => moduleIds);
}

/**
 * What only the command line loads at once is no part of the library's file: its own source, commander, undici, and the
 * modules of Node that these require.
 */
function isEager(id) {
  return !/undici|esm-external-require|[\\/]commander[\\/]|[\\/]src[\\/]cli[\\/]/.test(id);
}

function packagesOf(root, modules) {
  const folders = modules.flatMap(
    (id) =>
      /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(relative(root, id).replaceAll('\\', '/'))?.[1] ?? [],
  );
  return [...new Set(folders)].sort().map((folder) => join(root, folder));
}
