// Builds `dist`: the package as an ES module and as a CommonJS module, types for both, the command line, and the licences of
// what is bundled. node scripts/build.mjs [--out FOLDER] [--no-types]
import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './build/bundle.mjs';
import { writeDeclarations } from './build/declarations.mjs';
import { writeNotices } from './build/notices.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: { out: { type: 'string', default: resolve(root, 'dist') }, 'no-types': { type: 'boolean' } },
});
const outDir = resolve(values.out);

rmSync(outDir, { recursive: true, force: true });
mkdirSync(outDir, { recursive: true });
const packages = await bundle(root, outDir);
writeNotices(outDir, packages);
if (!values['no-types']) writeDeclarations(root, outDir);
