import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

/** A fenced block of a page. */
export interface CodeBlock {
  /** `README.md`, `docs/privacy.md`. */
  readonly page: string;
  /** Line of its first line in the page, counted from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** The file that its first line names in a comment: `telemetry.mjs`. */
  readonly file: string | undefined;
}

/** Pages whose blocks people copy. `docs/api.md` holds signatures, which `npm run docs:api` writes from the types. */
export function readPages(): readonly string[] {
  const docs = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md') && name !== 'api.md');
  return ['README.md', 'CONTRIBUTING.md', ...docs.sort().map((name) => `docs/${name}`)];
}

export function readBlocks(page: string): readonly CodeBlock[] {
  const lines = readFileSync(join(ROOT, page), 'utf8').split('\n');
  const blocks: CodeBlock[] = [];
  for (let index = 0; index < lines.length; index++) {
    const [, language] = /^```(.*)$/.exec(lines[index] ?? '') ?? [];
    if (language === undefined) continue;
    const end = lines.indexOf('```', index + 1);
    if (end < 0) throw new Error(`${page}:${index + 1}: a block without an end`);
    const text = `${lines.slice(index + 1, end).join('\n')}\n`;
    blocks.push({ page, line: index + 2, language, text, file: fileOf(text) });
    index = end;
  }
  return blocks;
}

export function allBlocks(): readonly CodeBlock[] {
  return readPages().flatMap(readBlocks);
}

/** The packages that a block of JavaScript or TypeScript imports. */
export function importedPackages({ text }: CodeBlock): readonly string[] {
  const specifiers = [...text.matchAll(/(?:from|import) '([^'.][^']*)'/g)].map(([, name = '']) => name);
  const packages = specifiers
    .filter((name) => !name.startsWith('node:'))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  return [...new Set(packages)];
}

function fileOf(text: string): string | undefined {
  return /^(?:\/\/|#) ([\w./-]+\.\w+)/.exec(text)?.[1];
}
