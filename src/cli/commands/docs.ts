import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AddCommand } from '../command.ts';
import type { Output } from '../io.ts';

export const addDocs: AddCommand = (program, act) => {
  program
    .command('docs')
    .argument('[topic]', 'name of a page, or the beginning of it')
    .description('Show a page of the documentation, or what pages there are.')
    .addHelpText('after', HELP)
    .action((topic: string | undefined) => act((_io, output) => runDocs(topic, output)));
};

const HELP = `
Examples:
  $ posthog-llm-exporter docs
  $ posthog-llm-exporter docs privacy | less`;

interface Page {
  /** What it is asked for by: `privacy`. */
  readonly topic: string;
  readonly title: string;
  readonly text: string;
}

/** Prints a page of the documentation that is in the package, or what pages there are. 0 unless the topic is unknown. */
export async function runDocs(topic: string | undefined, output: Output): Promise<0 | 1> {
  const pages = await readPages();
  if (topic === undefined) {
    output.print('Pages (posthog-llm-exporter docs <topic>):\n');
    output.print(listed(pages));
    return 0;
  }
  const found = find(topic, pages);
  if (found.length === 1 && found[0]) {
    output.print(found[0].text);
    return 0;
  }
  output.complain(
    found.length === 0 ? `There is no page "${topic}". There are:` : `"${topic}" may be any of these:`,
  );
  output.complain(listed(found.length === 0 ? pages : found));
  return 1;
}

/** By its name, else by the beginning, else by a part of name or title. */
function find(topic: string, pages: readonly Page[]): readonly Page[] {
  const wanted = topic.toLowerCase().replace(/\.md$/, '');
  const tests: readonly ((page: Page) => boolean)[] = [
    (page) => page.topic === wanted,
    (page) => page.topic.startsWith(wanted),
    (page) => page.topic.includes(wanted) || page.title.toLowerCase().includes(wanted),
  ];
  return tests.map((test) => pages.filter(test)).find((found) => found.length > 0) ?? [];
}

function listed(pages: readonly Page[]): string {
  const width = Math.max(...pages.map(({ topic }) => topic.length));
  return pages.map(({ topic, title }) => `  ${topic.padEnd(width)}  ${title}`).join('\n');
}

async function readPages(): Promise<readonly Page[]> {
  const root = packageRoot();
  const names = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md')).sort();
  const files = ['README.md', 'CHANGELOG.md', ...names.map((name) => join('docs', name))];
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(root, file), 'utf8');
      const topic = file
        .replace(/^docs[\\/]/, '')
        .replace(/\.md$/, '')
        .toLowerCase();
      return { topic, title: /^# (.+)$/m.exec(text)?.[1] ?? topic, text };
    }),
  );
}

/** The folder of the package, above the file that this stands in, in the source as in the bundle. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'docs', 'configuration.md'))) {
    if (dirname(folder) === folder) throw new Error('the documentation is not beside the program');
    folder = dirname(folder);
  }
  return folder;
}
