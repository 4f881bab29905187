// Bundlers with everything inlined, as for a function of a cloud: built once, then run away from any node_modules.
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { application } from '../apps.mjs';
import { NODE, SDKS } from '../versions.mjs';

const SDK = SDKS['SDK 2'];
/** By its own API: its program is no script of Node. For ESM the SDK's own ES modules are needed, not its CommonJS ones. */
const esbuild = (options) => [
  '-e',
  `require('esbuild').buildSync({ entryPoints: ['app.mjs'], bundle: true, platform: 'node', logLevel: 'error', ${options} })`,
];
const ROLLUP = `
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import resolve from '@rollup/plugin-node-resolve';
export default {
  input: 'app.mjs',
  output: [
    { file: 'out/app.mjs', format: 'es', inlineDynamicImports: true },
    { file: 'out/app.cjs', format: 'cjs', inlineDynamicImports: true },
  ],
  plugins: [resolve({ preferBuiltins: true, exportConditions: ['node'] }), commonjs(), json()],
  onwarn: () => {},
};
`;
const VITE = `
export default {
  build: { ssr: 'app.mjs', outDir: 'out', rollupOptions: { output: { entryFileNames: 'app.mjs' } } },
  ssr: { noExternal: true },
  logLevel: 'warn',
};
`;
const WEBPACK = `
module.exports = {
  mode: 'production',
  target: 'node20',
  entry: './app.mjs',
  output: { path: __dirname + '/out', filename: 'app.cjs' },
};
`;
const ROLLUP_PLUGINS = ['commonjs', 'json', 'node-resolve'].map((name) => `@rollup/plugin-${name}@latest`);

const BUNDLERS = {
  'esbuild, ESM without a banner': {
    packages: ['esbuild@latest'],
    build: esbuild("format: 'esm', mainFields: ['module', 'main'], outfile: 'out/app.mjs'"),
  },
  'esbuild, CommonJS, minified': {
    packages: ['esbuild@latest'],
    build: esbuild("format: 'cjs', minify: true, outfile: 'out/app.cjs'"),
    output: 'app.cjs',
  },
  webpack: {
    packages: ['webpack@latest', 'webpack-cli@latest'],
    files: { 'webpack.config.cjs': WEBPACK },
    build: ['node_modules/webpack/bin/webpack.js'],
  },
  Rspack: {
    packages: ['@rspack/core@latest', '@rspack/cli@latest'],
    files: { 'rspack.config.cjs': WEBPACK },
    build: ['node_modules/@rspack/cli/bin/rspack.js', 'build'],
  },
  'Rollup, ESM': {
    packages: ['rollup@latest', ...ROLLUP_PLUGINS],
    files: { 'rollup.config.mjs': ROLLUP },
    build: ['node_modules/rollup/dist/bin/rollup', '-c', '--silent'],
  },
  'Rollup, CommonJS': {
    packages: ['rollup@latest', ...ROLLUP_PLUGINS],
    files: { 'rollup.config.mjs': ROLLUP },
    build: ['node_modules/rollup/dist/bin/rollup', '-c', '--silent'],
    output: 'app.cjs',
  },
  'Vite, SSR': {
    packages: ['vite@latest'],
    files: { 'vite.config.mjs': VITE },
    build: ['node_modules/vite/bin/vite.js', 'build'],
  },
  ncc: {
    packages: ['@vercel/ncc@latest'],
    build: ['node_modules/@vercel/ncc/dist/ncc/cli.js', 'build', 'app.cjs', '-o', 'out', '-q'],
    output: 'index.cjs',
  },
};

export const cases = Object.entries(BUNDLERS).flatMap(([row, bundler], index) => {
  const { packages, files = {}, build, output = defaultOutput(files) } = bundler;
  return [NODE.newest20, NODE.newest22, NODE.newest24].map((version) => ({
    group: 'Bundled by',
    row,
    column: version,
    async run({ project, run, send, node, work }) {
      const name = `bundler-${index}`;
      const cwd = await project({
        name,
        packages: [...SDK.packages, ...packages],
        files: { ...application(SDK), ...files },
      });
      // Bundlers run on the Node that they want; what they made must run on every one.
      await run([await node(NODE.newest24), ...build], { cwd, env: { NODE_ENV: 'production' } });
      const away = join(work, 'bundles', name);
      mkdirSync(away, { recursive: true });
      cpSync(join(cwd, 'out'), away, { recursive: true });
      await send([await node(version), output], { cwd: away });
    },
  }));
});

function defaultOutput(files) {
  return Object.keys(files).some((name) => name.endsWith('.config.cjs')) ? 'app.cjs' : 'app.mjs';
}
