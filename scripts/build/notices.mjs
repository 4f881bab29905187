import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences that let us hand on the code with a notice. */
const ALLOWED = new Set(['MIT', 'Apache-2.0', 'ISC', 'BSD-3-Clause', 'BSD-2-Clause', '0BSD']);

/**
 * Writes `THIRD-PARTY-NOTICES.txt`: name, version and licence of everything bundled.
 * @param {string} outDir
 * @param {string[]} folders of the packages
 */
export function writeNotices(outDir, folders) {
  const notices = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (!ALLOWED.has(license)) throw new Error(`${name} has the licence ${license}, which is not known here`);
    const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)(\.\w+)?$/i.test(file));
    if (texts.length === 0) throw new Error(`${name} has no licence text`);
    const text = texts.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  const head = 'This package contains code of the following packages.\n';
  const rule = `\n${'-'.repeat(80)}\n\n`;
  writeFileSync(join(outDir, 'THIRD-PARTY-NOTICES.txt'), [head, ...notices].join(rule));
}
