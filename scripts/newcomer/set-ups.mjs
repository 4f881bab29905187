import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the pages say to install and to start, in their own words. A section with `npm install` is one set-up: all its shell lines
 * in order, and its JavaScript files.
 * @typedef {{ where: string, lines: string[], files: Record<string, string> }} SetUp
 * @param {string} root folder of the package
 * @returns {SetUp[]} the README's start without code first; none twice
 */
export function readSetUps(root) {
  const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)];
  const found = pages
    .filter((page) => page.endsWith('.md'))
    .flatMap((page) => sectionsOf(page, readFileSync(join(root, page), 'utf8')));
  const shown = filesOf(readFileSync(join(root, 'README.md'), 'utf8'));
  const seen = new Set();
  return found
    .filter(({ lines }) => {
      const key = lines.map((line) => line.replace(/ +#.*/, '')).join('\n');
      return !seen.has(key) && seen.add(key);
    })
    .map(({ files, ...rest }) => ({ ...rest, files: { 'app.mjs': shown['app.mjs'], ...files } }));
}

function sectionsOf(page, text) {
  return text
    .split(/^(?=#{1,3} )/m)
    .map((section) => ({
      where: `${page}, ${/^#+ (.*)/.exec(section)?.[1]}`,
      lines: blocksOf(section, 'sh')
        .flatMap((block) => block.trim().split('\n'))
        .filter(isFollowed),
      files: filesOf(section),
    }))
    .filter(({ lines }) => lines.some((line) => line.startsWith('npm install ')));
}

/** Lines of the set-up of an application; what else a page shows has tests of its own. */
function isFollowed(line) {
  return /^(npm install |(\w+=\S+ )*node --import )/.test(line);
}

function filesOf(text) {
  const named = blocksOf(text, 'js').map((block) => [/^\/\/ ([\w.-]+)$/m.exec(block)?.[1], block]);
  return Object.fromEntries(named.filter(([name]) => name));
}

function blocksOf(text, language) {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, block]) => block,
  );
}
