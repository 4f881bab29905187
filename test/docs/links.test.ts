import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, readPages } from './code-blocks.ts';

const PAGES = [...readPages(), 'docs/api.md', 'CHANGELOG.md', 'SECURITY.md', 'examples/README.md'];

describe('links', () => {
  it.each(PAGES)('of %s lead to pages, headings and files that there are', (page) => {
    const broken = linksOf(page).filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(ROOT, file))) return true;
      return anchor !== undefined && !anchorsOf(file).has(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('lead from README to every page', () => {
    const linked = new Set(linksOf('README.md').map((target) => target.split('#')[0]));
    expect(PAGES.filter((page) => page !== 'README.md' && !linked.has(page))).toEqual([]);
  });

  it('of every example lead to something, and each is in the list of examples', () => {
    const list = readFileSync(join(ROOT, 'examples/README.md'), 'utf8');
    const run = readFileSync(join(ROOT, 'examples/run.js'), 'utf8');
    const [, table = ''] = /const EXAMPLES = \{([\s\S]*?)\n\}/.exec(run) ?? [];
    const names = [...table.matchAll(/^ {2}'?([\w-]+)'?:/gm)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      expect(list, name).toContain(`\`${name}\``);
      expect(statSync(join(ROOT, 'examples', name)).isDirectory()).toBe(true);
    }
  });
});

function linksOf(page: string): readonly string[] {
  const text = readFileSync(join(ROOT, page), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** As GitHub makes them of headings. */
function anchorsOf(file: string): ReadonlySet<string> {
  const headings = readFileSync(join(ROOT, file), 'utf8').matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}
