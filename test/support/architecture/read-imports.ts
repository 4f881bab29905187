import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dirname, join as joinPath, normalize } from 'node:path/posix';

/** Source text by path below `src`, with `/`. */
export type Sources = ReadonlyMap<string, string>;

/** One import or re-export. */
export interface Import {
  readonly file: string;
  /** Path below `src`, or the name of a package. */
  readonly target: string;
  /** Nothing of it is left at run time. */
  readonly isType: boolean;
}

export function readSources(directory: string): Sources {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter(isSource);
  return new Map(names.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}

/** TypeScript, with or without markup. */
export function isSource(path: string): boolean {
  return /\.tsx?$/.test(path);
}

/** `import … from`, `export … from`, `import '…'`, `import('…')`. */
const IMPORT =
  /^(?:import|export)\b([^;'"]*?)\bfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gms;

export function importsOf(sources: Sources): Import[] {
  return [...sources].flatMap(([file, text]) =>
    [...text.matchAll(IMPORT)].map(([, clause = '', from, bare, dynamic]) => {
      const target = from ?? bare ?? dynamic ?? '';
      return {
        file,
        target: target.startsWith('.') ? normalize(joinPath(dirname(file), target)) : target,
        isType: from !== undefined && isTypeOnly(clause),
      };
    }),
  );
}

function isTypeOnly(clause: string): boolean {
  if (/^\s*type\b/.test(clause)) return true;
  const names = /^\s*\{([^}]*)\}\s*$/s.exec(clause)?.[1]?.split(',') ?? [];
  const named = names.map((name) => name.trim()).filter(Boolean);
  return named.length > 0 && named.every((name) => name.startsWith('type '));
}
