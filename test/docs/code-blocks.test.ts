import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readConfigFile } from '../../src/config/config-file.ts';
import { knownOptions } from '../../src/config/file-of-options.ts';
import { ALL_OPTIONS } from '../../src/config/resolve-config.ts';
import { readGatewayFile } from '../../src/gateway/config/read-gateway-file.ts';
import { cli } from '../cli/run-cli.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { allBlocks, type CodeBlock, ROOT } from './code-blocks.ts';

const BLOCKS = allBlocks();
const of = (...languages: string[]): readonly (readonly [where: string, block: CodeBlock])[] =>
  BLOCKS.filter(({ language }) => languages.includes(language)).map((block) => [
    `${block.page}:${block.line}`,
    block,
  ]);

let folder = '';
let help = '';
beforeAll(async () => {
  help = (await cli(['--help'])).out;
  folder = mkdtempSync(join(tmpdir(), 'docs-blocks-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A block as a file of its own. */
function written(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** Runs a tool; its output when it fails, else nothing. */
function complaints(program: string, args: readonly string[]): string {
  try {
    execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    const { stdout, stderr, message } = error as { stdout?: string; stderr?: string; message: string };
    return `${stdout ?? ''}${stderr ?? ''}` || message;
  }
}

function has(program: string, arg = '--version'): boolean {
  try {
    execFileSync(program, [arg], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

describe('the code blocks of README and docs', () => {
  it('are in languages that are checked here', () => {
    const checked = [
      'js',
      'ts',
      'sh',
      'json',
      'yaml',
      'python',
      'go',
      'java',
      'dockerfile',
      'diff',
      'text',
      '',
    ];
    expect(
      [...new Set(BLOCKS.map(({ language }) => language))].filter((one) => !checked.includes(one)),
    ).toEqual([]);
  });

  it('are no indented blocks, which nothing would check', () => {
    for (const page of new Set(BLOCKS.map((block) => block.page))) {
      const prose = readFileSync(join(ROOT, page), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
      const indented = prose.match(/^(?: {4}|\t)(?:npm|npx|node|POSTHOG_|import|new|const) .*/m)?.[0];
      expect(indented, page).toBeUndefined();
    }
  });

  it('name everything that they use, with the types that it has', () => {
    const used = new Set<string>();
    for (const { page, line, language, text, file } of BLOCKS) {
      if (language !== 'js' && language !== 'ts') continue;
      const place = page.replace('.md', '');
      const wanted = `${place}/${file ?? `block-${line}.${language === 'ts' ? 'ts' : 'mjs'}`}`;
      written(used.has(wanted) ? `${place}/${line}/${file}` : wanted, text);
      used.add(wanted);
    }
    const source = (name: string): string[] => [join(ROOT, 'src', name)];
    const config = {
      compilerOptions: {
        target: 'es2022',
        lib: ['ES2023'],
        module: 'esnext',
        moduleResolution: 'bundler',
        moduleDetection: 'force',
        strict: true,
        allowJs: true,
        checkJs: true,
        allowImportingTsExtensions: true,
        skipLibCheck: true,
        noEmit: true,
        types: ['node'],
        typeRoots: [join(ROOT, 'node_modules/@types')],
        paths: {
          'posthog-llm-exporter': source('index.ts'),
          'posthog-llm-exporter/register': source('register.ts'),
        },
      },
      include: ['README', 'docs', join(ROOT, 'test/docs/*.d.ts')],
    };
    const project = written('tsconfig.json', JSON.stringify(config));
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const lines = complaints(tsc, ['--project', project, '--pretty', 'false']).split('\n');
    // JavaScript says no types of parameters.
    expect(lines.filter((text) => text !== '' && !/\.m?js\(.*TS70(05|06|31)/.test(text))).toEqual([]);
  });

  it.each(of('json'))('%s is JSON', (_where, { text }) => {
    expect(() => JSON.parse(text)).not.toThrow();
  });

  it.each(of('yaml'))('%s is a file that is taken', (where, { text }) => {
    for (const document of parseAllDocuments(text)) expect(document.errors).toEqual([]);
    if (text.includes('apiVersion:')) return expect(text).toMatch(/^kind: /m);
    const path = written(`${where.replaceAll(/[/:]/g, '-')}.yaml`, withoutFiles(text));
    const env = Object.fromEntries(
      [...text.matchAll(/\$\{env:(\w+)\}/g)].map(([, name]) => [name, `phc_docs_${name}`]),
    );
    const isGateway = /^(listen|senders|acknowledge):/m.test(text);
    if (!isGateway) return expect(readConfigFile(path, env, knownOptions(ALL_OPTIONS)).type).toBe('read');
    const reading = readGatewayFile(path, { env, loggerFor: createRecordingLogger });
    expect(reading.type === 'read' ? [] : reading.messages).toEqual([]);
  });

  it.each(of('sh'))('%s is what a shell understands, and commands that there are', (_where, { text }) => {
    expect(complaints('bash', ['-n', written('block.sh', text)])).toBe('');
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    for (const [, script = ''] of text.matchAll(/npm run (?:--silent |-s )?([\w:-]+)/g)) {
      expect(Object.keys(scripts)).toContain(script);
    }
    for (const [, command = ''] of text.matchAll(/npx posthog-llm-exporter ([\w-]+)/g)) {
      expect(help).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
    for (const [, examples = ''] of text.matchAll(/node examples\/run\.js ([\w -]*)/g)) {
      for (const name of examples.trim().split(' '))
        expect(existsSync(join(ROOT, 'examples', name))).toBe(true);
    }
  });

  it.each(of('python'))('%s is Python', { skip: !has('python3') }, (_where, { text }) => {
    expect(complaints('python3', ['-m', 'py_compile', written('block.py', text)])).toBe('');
  });

  it.each(of('go'))('%s is Go', { skip: !has('gofmt', '-h') }, (_where, { text }) => {
    expect(complaints('gofmt', ['-l', written('block.go', text)])).toBe('');
  });

  it.each(of('java'))('%s is Java', { skip: !has('java') }, (_where, { text }) => {
    const parser = join(import.meta.dirname, 'ParseJava.java');
    expect(complaints('java', [parser, written('Block.java', text)])).toBe('');
  });

  it.each(of('dockerfile'))('%s has instructions only', (_where, { text }) => {
    for (const line of text.trim().split('\n'))
      expect(line).toMatch(/^(FROM|WORKDIR|COPY|RUN|USER|CMD|ENV|EXPOSE) \S/);
    for (const [, list = ''] of text.matchAll(/^CMD (.*)$/gm)) expect(() => JSON.parse(list)).not.toThrow();
  });
});

/** References to files of a machine in production become plain values; what stays is checked as it stands. */
function withoutFiles(yaml: string): string {
  return yaml.replaceAll(/"?\$\{file:[^}]*\}"?/g, 'phc_docs_file').replaceAll(/^ {2}tls: .*\n/gm, '');
}
