import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Step } from './step.ts';

/** What became of a step: written, or left because something is there already. */
export type StepResult = 'written' | 'as it should be' | 'exists' | 'by hand';

/** Does a step as far as a program can. Never changes a file of the application but a script of `package.json`. */
export function writeStep(folder: string, step: Step): StepResult {
  if (step.script) return writeScript(folder, step.script);
  if (!step.file) return 'by hand';
  const path = join(folder, step.file.path);
  // In either language: two files of one name would both claim to be loaded.
  const found = ['ts', 'tsx', 'js', 'mjs', 'cjs', 'mts']
    .map((extension) => path.replace(/\.[jt]s$/, `.${extension}`))
    .find((name) => existsSync(name));
  if (found !== undefined)
    return readFileSync(found, 'utf8') === step.file.text ? 'as it should be' : 'exists';
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, step.file.text, { flag: 'wx' });
  return 'written';
}

/** Changes the one text, so that the rest of the file stays as its author formatted it. */
function writeScript(folder: string, { name, from, to }: NonNullable<Step['script']>): StepResult {
  const path = join(folder, 'package.json');
  const text = readFileSync(path, 'utf8');
  if (from === undefined) {
    const manifest = JSON.parse(text) as Record<string, unknown>;
    const scripts = { ...(manifest['scripts'] as object | undefined), [name]: to };
    const indent = /^[ \t]+/m.exec(text)?.[0] ?? '  ';
    writeFileSync(path, `${JSON.stringify({ ...manifest, scripts }, null, indent)}\n`);
    return 'written';
  }
  const before = `${JSON.stringify(name)}: ${JSON.stringify(from)}`;
  const loose = new RegExp(`${escaped(JSON.stringify(name))}\\s*:\\s*${escaped(JSON.stringify(from))}`);
  if (!loose.test(text)) return 'by hand';
  writeFileSync(
    path,
    text.replace(loose, () => before.replace(JSON.stringify(from), () => JSON.stringify(to))),
  );
  return 'written';
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
