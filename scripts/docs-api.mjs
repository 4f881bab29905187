// Writes docs/api.md, the reference of everything that the package exports, from the types. `npm run docs:api`; with --check
// it only says whether the page is up to date (exit code 1 when it is not).
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readApiModel } from './build/declarations.mjs';

const FILE = new URL('../docs/api.md', import.meta.url);
const HEAD = `# API reference

<!-- Made from the types by \`npm run docs:api\`; do not edit. -->

Everything that \`posthog-llm-exporter\` exports. The options in a table: [configuration.md](configuration.md).
`;
/** Kinds of api-extractor, in the order of the page. */
const KINDS = {
  Class: 'Classes',
  Function: 'Functions',
  Interface: 'Interfaces',
  TypeAlias: 'Types',
  Variable: 'Values',
};

const model = readApiModel(fileURLToPath(new URL('..', import.meta.url)));
const exported = model.members.flatMap((entry) => entry.members);
const page = renderPage(exported);
const isUpToDate = page === readOr(FILE, '');
if (process.argv.includes('--check')) {
  if (!isUpToDate) {
    console.error('docs/api.md is not up to date: npm run docs:api');
    process.exitCode = 1;
  }
} else writeFileSync(FILE, page);

function renderPage(members) {
  const groups = Object.entries(KINDS).map(([kind, title]) => {
    const ofKind = members
      .filter((member) => member.kind === kind)
      .sort((a, b) => a.name.localeCompare(b.name, 'en'));
    return ofKind.length === 0 ? '' : `## ${title}\n\n${ofKind.map(renderExport).join('\n')}`;
  });
  return `${[HEAD, ...groups.filter(Boolean)].join('\n').trimEnd()}\n`;
}

function renderExport(item) {
  const members = (item.members ?? []).map(renderMember).filter(Boolean);
  const list = members.length === 0 ? '' : `${members.join('\n')}\n`;
  return `### ${item.name}\n\n${block(declarationOf(item))}\n${renderComment(item.docComment)}${list}`;
}

function renderMember(member) {
  const { text, examples } = readComment(member.docComment);
  const said = text === '' ? '' : `: ${text.replaceAll('\n\n', '\n\n  ').replaceAll(/\n(?!\n)/g, '\n  ')}`;
  return `- \`${declarationOf(member)}\`${said}${examples.map((code) => `\n\n${indent(block(code))}`).join('')}`;
}

/** In one line, as far as it goes; long types of tables in the source are cut. */
function declarationOf({ excerptTokens }) {
  const text = excerptTokens
    .map((token) => token.text)
    .join('')
    .replace(/^export (declare )?/, '')
    .replaceAll(/\/\*\*?[\s\S]*?\*\//g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return text.length > 400 ? `${text.slice(0, 400)} …` : text;
}

function renderComment(docComment) {
  const { text, examples } = readComment(docComment);
  return [text === '' ? '' : `${text}\n\n`, ...examples.map((code) => `${block(code)}\n`)].join('');
}

/** A comment as Markdown: its text, what it says of parameters, result and errors, and its examples. */
function readComment(docComment = '') {
  const lines = docComment
    .replace(/^\/\*\*/, '')
    .replace(/\*\/\s*$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''));
  const [text = '', ...tags] = lines
    .join('\n')
    .trim()
    .split(/^@(?=\w)/m);
  const said = tags.filter((tag) => !tag.startsWith('example')).map(renderTag);
  const examples = tags
    .filter((tag) => tag.startsWith('example'))
    // Code of several lines stands in a fence, which keeps its indentation.
    .map((tag) => tag.replace(/^example\s*/, '').trim())
    .map((code) => /^```ts\n([\s\S]*)\n```$/.exec(code)?.[1] ?? code);
  return { text: links([text.trim(), ...said].filter(Boolean).join('\n\n')), examples };
}

function renderTag(tag) {
  const [, name = '', rest = ''] = /^(\w+)\s*([\s\S]*)$/.exec(tag.trim()) ?? [];
  switch (name) {
    case 'param': {
      const [, parameter = '', text = ''] = /^(\S+)\s*-?\s*([\s\S]*)$/.exec(rest) ?? [];
      return `\`${parameter}\`: ${text}`;
    }
    case 'returns':
      return `Returns ${rest}`;
    case 'throws':
      return `Throws ${rest}`;
    default:
      return rest;
  }
}

function links(text) {
  return text.replaceAll(
    /\{@link (\w+)(?:\.\w+)?(?:\s*\|\s*([^}]+))?\}/g,
    (_, name, label) => `[${label ?? name}](#${name.toLowerCase()})`,
  );
}

function block(code) {
  return `\`\`\`ts\n${code}\n\`\`\`\n`;
}

function indent(text) {
  return text.replaceAll(/^(?=.)/gm, '  ').trimEnd();
}

function readOr(file, fallback) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return fallback;
  }
}
