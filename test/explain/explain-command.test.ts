import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { runExplain } from '../../src/cli/commands/run-explain.ts';
import { createOutput } from '../../src/cli/io.ts';
import { cli, KEY } from '../cli/run-cli.ts';
import { CORPUS } from '../corpus/recordings.ts';

const SPANS = join(CORPUS, 'otel-instrumentation-openai/chat-tool-call.json');
const LOGS = join(CORPUS, 'otel-instrumentation-openai/chat-tool-call.logs.json');

const folder = mkdtempSync(join(tmpdir(), 'explain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function piped(text: string): Promise<{ code: number; out: string; err: string }> {
  const stdin = new PassThrough();
  stdin.end(text);
  const [out, err] = [new PassThrough(), new PassThrough()];
  const io = { stdin, stdout: out, stderr: err, env: {} };
  const code = await runExplain('-', {}, io, createOutput(io));
  return { code, out: String(out.read() ?? ''), err: String(err.read() ?? '') };
}

describe('explain', () => {
  it('prints what becomes of the spans of a file', async () => {
    const { code, out, err } = await cli(['explain', SPANS]);
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toContain('claimed by   OpenTelemetry GenAI (gen-ai)');
    expect(out).not.toContain('$ai_input ');
  });

  it('joins log records', async () => {
    const { out } = await cli(['explain', SPANS, '--logs', LOGS]);
    expect(out).toMatch(/\$ai_input +\(\d+ characters of content\)/);
    expect(out).not.toContain('What is the weather');
  });

  it('shows content when asked', async () => {
    expect((await cli(['explain', SPANS, '--logs', LOGS, '--content'])).out).toContain('What is the weather');
  });

  it('prints JSON', async () => {
    const { code, out } = await cli(['explain', SPANS, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ outcome: { type: 'sent', event: '$ai_generation' } }]);
  });

  it('says what privacy mode leaves', async () => {
    const { out } = await cli(['explain', SPANS, '--logs', LOGS, '--privacy-mode']);
    expect(out).toContain('$ai_input: removed');
  });

  it('reads standard input, also line by line', async () => {
    const document = JSON.stringify(JSON.parse(readFileSync(SPANS, 'utf8')));
    const { code, out } = await piped(`${document}\n${document}\n`);
    expect(code).toBe(0);
    expect(out).toContain('2 spans');
  });

  it('never prints a key', async () => {
    const document = readFileSync(SPANS, 'utf8').replaceAll('gpt-4o-mini-2024-07-18', KEY);
    const path = file('key.json', document);
    for (const flags of [[], ['--json'], ['--content']]) {
      const { code, out } = await cli(['explain', path, ...flags]);
      expect(code).toBe(0);
      expect(out).not.toContain(KEY);
    }
  });

  it.each([
    ['a file that is not there', () => join(folder, 'none.json'), /none\.json cannot be read \(ENOENT\)/],
    [
      'a file that is no OTLP',
      () => file('text.json', 'secret words'),
      /text\.json is neither OTLP\/JSON nor OTLP in protobuf/,
    ],
    ['an empty file', () => file('empty.json', ''), /empty\.json is empty/],
    ['JSON without spans', () => file('other.json', '{"a":1}'), /other\.json holds no spans/],
  ])('fails on %s', async (_case, path, message) => {
    const { code, out, err } = await cli(['explain', path()]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(message);
    expect(err).not.toContain('secret words');
  });

  it('needs a file', async () => {
    expect((await cli(['explain'])).code).toBe(2);
  });
});
