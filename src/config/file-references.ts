import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** Where references of a configuration file look. */
export interface ReferenceSources {
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the configuration file; relative paths start there. */
  readonly folder: string;
}

export type ResolvedText =
  | { readonly type: 'text'; readonly text: string }
  /** What is wrong, in words that hold no value. */
  | { readonly type: 'flaw'; readonly flaw: string };

/** `${env:NAME}`, `${file:/path}`, `$${…}` for a literal `${…}`, and what people write by mistake. */
const REFERENCE = /\$(\$)?\{([^}]*)\}/g;

/** Secrets are short; whatever is larger is another file. */
const MAX_REFERENCED_BYTES = 64 * 1024;

/** Whether a text is one reference and nothing else, so that it stands for a value of any type. */
export function isOneReference(text: string): boolean {
  return /^\$\{(?:env|file):[^}]*\}$/.test(text.trim());
}

/** Puts values in place of the references in a text. A file is read without the line breaks at its end. */
export function resolveReferences(text: string, sources: ReferenceSources): ResolvedText {
  const flaws: string[] = [];
  const resolved = text.replace(REFERENCE, (whole, dollar: string | undefined, inner: string) => {
    if (dollar !== undefined) return whole.slice(1);
    const value = resolveOne(inner, sources);
    if ('flaw' in value) flaws.push(value.flaw);
    return 'text' in value ? value.text : '';
  });
  const [flaw] = flaws;
  return flaw === undefined ? { type: 'text', text: resolved } : { type: 'flaw', flaw };
}

function resolveOne(
  inner: string,
  { env, folder }: ReferenceSources,
): { readonly text: string } | { readonly flaw: string } {
  const [, scheme, name = ''] = /^(env|file):(.*)$/.exec(inner.trim()) ?? [];
  if (scheme === 'env') {
    const value = env[name.trim()];
    return value === undefined || value.trim() === ''
      ? { flaw: `the environment variable ${name.trim()} is not set` }
      : { text: value };
  }
  if (scheme === 'file') return readReferenced(resolve(folder, name.trim()));
  const isName = /^[A-Za-z_][A-Za-z0-9_]*$/.test(inner.trim());
  return {
    flaw: isName
      ? `write \${env:${inner.trim()}} for an environment variable`
      : `a reference is written $\{env:NAME} or $\{file:/path}, and $$\{ for a plain $\{`,
  };
}

function readReferenced(path: string): { readonly text: string } | { readonly flaw: string } {
  try {
    if (statSync(path).size > MAX_REFERENCED_BYTES) return { flaw: `the file ${path} is too large` };
    const text = readFileSync(path, 'utf8').replace(/[\r\n]+$/, '');
    return text === '' ? { flaw: `the file ${path} is empty` } : { text };
  } catch (error) {
    return {
      flaw: `the file ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
    };
  }
}
