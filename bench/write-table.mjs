// Tables of docs/performance.md, between `<!-- table NAME -->` and `<!-- end of NAME -->`.
import { readFileSync, writeFileSync } from 'node:fs';

const PAGE = new URL('../docs/performance.md', import.meta.url);

/** @param lines of the table, in Markdown, with a line before it that says on what machine it was made */
export function writeTable(name, lines) {
  const page = readFileSync(PAGE, 'utf8');
  const before = `<!-- table ${name} -->\n`;
  const start = page.indexOf(before);
  const end = page.indexOf(`<!-- end of ${name} -->`);
  if (start < 0 || end < start) throw new Error(`docs/performance.md has no table of this name: ${name}`);
  writeFileSync(PAGE, `${page.slice(0, start + before.length)}\n${lines.join('\n')}\n\n${page.slice(end)}`);
}
