// Small real applications, set up by what `posthog-llm-exporter init` says, each by its package manager: the packages that it names
// are installed, what it writes is used as it is, the application makes one model call, and its event must arrive at a
// loopback. Needs the npm registry and `npm run build`. node scripts/init-apps.mjs [express-esm express-cjs ...]
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const OPENAI = (module) => `
${module ? "import OpenAI from 'openai';" : "const OpenAI = require('openai');"}
const ask = async () => {
  const messages = [{ role: 'user', content: 'The capital of France?' }];
  const answer = await new OpenAI().chat.completions.create({ model: 'gpt-4o-mini', messages });
  return answer.choices[0].message.content;
};`;

const EXPRESS = (module) => `${OPENAI(module)}
${module ? "import express from 'express';" : "const express = require('express');"}
const app = express();
app.get('/chat', async (_request, response) => response.send(await ask()));
const server = app.listen(0, '127.0.0.1', async () => {
  const answer = await fetch('http://127.0.0.1:' + server.address().port + '/chat');
  console.log(await answer.text());
  process.kill(process.pid, 'SIGTERM');
});`;

const NEST = `
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import OpenAI from 'openai';

@Controller()
class Chat {
  @Get('chat')
  async chat() {
    const messages = [{ role: 'user' as const, content: 'The capital of France?' }];
    const answer = await new OpenAI().chat.completions.create({ model: 'gpt-4o-mini', messages });
    return answer.choices[0]?.message.content;
  }
}

@Module({ controllers: [Chat] })
class App {}

async function main() {
  const app = await NestFactory.create(App, { logger: false });
  await app.listen(0, '127.0.0.1');
  const answer = await fetch((await app.getUrl()) + '/chat');
  console.log(await answer.text());
  process.kill(process.pid, 'SIGTERM');
}
void main();
`;

const AI_SDK = `
import { createOpenAI } from '@ai-sdk/openai';
import * as ai from 'ai';
const openai = createOpenAI({ baseURL: process.env.OPENAI_BASE_URL });
const { text } = await ai.generateText({
  model: openai.chat('gpt-4o-mini'),
  prompt: 'The capital of France?',
  experimental_telemetry: { isEnabled: true },
});
console.log(text);`;

const ANTHROPIC = `
import Anthropic from '@anthropic-ai/sdk';
const messages = [{ role: 'user', content: 'The capital of France?' }];
const answer = await new Anthropic().messages.create({ model: 'claude-sonnet-4-5', max_tokens: 9, messages });
console.log(answer.content[0].text);`;

const esm = { type: 'module', scripts: { start: 'node app.js' } };

/** `afterInit` does by hand what init leaves to a person. */
const APPS = {
  'express-esm': {
    manager: 'npm',
    manifest: { ...esm, dependencies: { express: '^5.0.0', openai: '^6.0.0' } },
    files: { 'app.js': EXPRESS(true) },
  },
  'express-cjs': {
    manager: 'pnpm',
    manifest: { scripts: { start: 'node app.js' }, dependencies: { express: '^5.0.0', openai: '^6.0.0' } },
    files: { 'app.js': EXPRESS(false) },
  },
  'script-yarn': {
    manager: 'yarn',
    manifest: { ...esm, dependencies: { openai: '^6.0.0' } },
    files: {
      'app.js': `${OPENAI(true)}\nconsole.log(await ask());`,
      '.yarnrc.yml': 'enableTelemetry: false\n',
    },
  },
  'script-bun': {
    manager: 'bun',
    manifest: { ...esm, scripts: { start: 'bun app.js' }, dependencies: { openai: '^6.0.0' } },
    files: { 'app.js': `${OPENAI(true)}\nconsole.log(await ask());`, 'bun.lock': '' },
  },
  'openai-7': {
    manager: 'npm',
    node: 24,
    manifest: { ...esm, dependencies: { openai: '^7.0.0' } },
    files: { 'app.js': `${OPENAI(true)}\nconsole.log(await ask());` },
  },
  anthropic: {
    manager: 'npm',
    manifest: { ...esm, dependencies: { '@anthropic-ai/sdk': '^1.0.0' } },
    files: { 'app.js': ANTHROPIC },
  },
  'ai-sdk-5': aiSdk('^5.0.0', '^2.0.0'),
  'ai-sdk-6': aiSdk('^6.0.0', '^3.0.0'),
  'ai-sdk-7': {
    ...aiSdk('^7.0.0', '^4.0.0'),
    node: 24,
  },
  nestjs: {
    manager: 'npm',
    manifest: {
      scripts: { build: 'tsc', start: 'node dist/main.js' },
      dependencies: {
        ...{ '@nestjs/common': '^11.0.0', '@nestjs/core': '^11.0.0', '@nestjs/platform-express': '^11.0.0' },
        ...{ 'reflect-metadata': '^0.2.0', rxjs: '^7.8.0', openai: '^6.0.0' },
      },
      devDependencies: { typescript: '~5.9.0', '@types/node': '^20.0.0' },
    },
    files: {
      'src/main.ts': NEST,
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          ...{ module: 'commonjs', target: 'es2022', outDir: 'dist', rootDir: 'src', esModuleInterop: true },
          ...{ experimentalDecorators: true, emitDecoratorMetadata: true, skipLibCheck: true, strict: true },
        },
      }),
    },
    afterInit: (folder) => prepend(folder, 'src/main.ts', "import './posthog-llm';\n"),
    build: true,
  },
  nextjs: {
    manager: 'npm',
    manifest: {
      type: 'module',
      scripts: { build: 'next build', start: 'next start -H 127.0.0.1 -p 0' },
      dependencies: { next: '^16.0.0', react: '^19.0.0', 'react-dom': '^19.0.0', openai: '^6.0.0' },
    },
    files: {
      'app/layout.js': 'export default ({ children }) => <html><body>{children}</body></html>;',
      'app/page.js': 'export default () => null;',
      'app/chat/route.js': `${OPENAI(true)}\nexport const dynamic = 'force-dynamic';\nexport const GET = async () => new Response(await ask());`,
    },
    afterInit: (folder) =>
      writeFileSync(
        join(folder, 'next.config.mjs'),
        "export default { serverExternalPackages: ['posthog-llm-exporter', 'openai'] };\n",
      ),
    build: true,
    visit: /http:\/\/(?:127\.0\.0\.1|localhost):\d+/,
  },
};

function aiSdk(major, provider) {
  return {
    manager: 'npm',
    manifest: { ...esm, dependencies: { ai: major, '@ai-sdk/openai': provider, zod: '^4.1.8' } },
    files: { 'app.js': AI_SDK },
  };
}

/** How each package manager is run where only npm is installed. */
const MANAGERS = {
  npm: ['npm'],
  pnpm: ['npx', '-y', 'pnpm@10'],
  yarn: ['npx', '-y', '-p', '@yarnpkg/cli-dist@4', 'yarn'],
  bun: ['npx', '-y', 'bun@1'],
};

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'dist/cli/main.js');
const work = mkdtempSync(join(tmpdir(), 'init-apps-'));
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(APPS);

try {
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', work];
  const [{ filename }] = JSON.parse(execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }));
  for (const name of names) {
    const failure = await tryApp(name, APPS[name], join(work, filename)).catch((error) => error);
    console.log(
      `${name.padEnd(12)} ${APPS[name].manager.padEnd(5)} ${failure ? `FAILED: ${describe(failure)}` : 'ok'}`,
    );
    if (failure) process.exitCode = 1;
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function tryApp(name, { manager, manifest, files, afterInit, build, node, visit }, archive) {
  const folder = join(work, name);
  const all = { 'package.json': JSON.stringify({ name, private: true, ...manifest }, null, 2), ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const withNode =
    node && Number(process.versions.node.split('.')[0]) < node ? ['npx', '-y', '-p', `node@${node}`] : [];
  const run = ([command, ...args]) =>
    execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (manager === 'yarn') writeFileSync(join(folder, 'yarn.lock'), '');
  run([...MANAGERS[manager], 'install']);
  const said = run([process.execPath, cli, 'init', '--write']);
  const install = /^Install:\n {2}(.+)$/m.exec(said)?.[1];
  if (install) {
    const [, ...args] = install.replace(/posthog-llm-exporter(?= |$)/, `$&@file:${archive}`).split(' ');
    run([...MANAGERS[manager], ...args]);
  }
  afterInit?.(folder);
  if (build) run(['npm', 'run', 'build']);
  const standIn = await startStandIn();
  try {
    await runStart(folder, withNode, manager, standIn, visit);
    const calls = standIn.events.filter(({ event }) => event === '$ai_generation');
    const [call] = calls;
    if (calls.length !== 1) throw new Error(`${calls.length} generations arrived`);
    if (!JSON.stringify(call.properties.$ai_output_choices).includes('Paris'))
      throw new Error('without its answer');
  } finally {
    standIn.close();
  }
  return undefined;
}

async function runStart(folder, withNode, manager, { url, events }, visit) {
  // Plug'n'Play is there only inside of yarn, and Bun only inside of bun.
  const runner = manager === 'yarn' || manager === 'bun' ? MANAGERS[manager] : [...withNode, 'npm'];
  const start = [...runner, 'run', 'start'];
  const env = {
    ...process.env,
    POSTHOG_API_KEY: 'phc_apps',
    POSTHOG_HOST: url,
    OPENAI_API_KEY: 'k',
    ANTHROPIC_API_KEY: 'k',
  };
  const child = spawn(start[0], start.slice(1), {
    cwd: folder,
    env: { ...env, OPENAI_BASE_URL: `${url}/v1`, ANTHROPIC_BASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text;
    });
  const ended = once(child, 'close');
  if (visit) {
    const address = await until(() => visit.exec(output)?.[0]);
    await (await fetch(`${address}/chat`)).text();
    await until(() => events.length > 0);
    process.kill(-child.pid, 'SIGTERM');
  }
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 60_000).unref())]);
  if (events.length === 0) throw new Error(`nothing arrived\n${output}`);
}

async function until(condition) {
  for (let tries = 0; tries < 600; tries += 1) {
    const value = condition();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('waited for a minute');
}

/** OpenAI, Anthropic and PostHog in one. */
async function startStandIn() {
  const events = [];
  const server = createServer(async (request, response) => {
    const received = [];
    for await (const chunk of request) received.push(chunk);
    const body = Buffer.concat(received);
    const json = JSON.parse(
      (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString() || '{}',
    );
    if (json.batch) events.push(...json.batch);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(json.batch ? { status: 'Ok' } : answerTo(request.url, json)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    events,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answerTo(path, { model }) {
  if (path.endsWith('/messages')) {
    const usage = { input_tokens: 9, output_tokens: 3 };
    const content = [{ type: 'text', text: 'Paris.' }];
    return {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model,
      content,
      stop_reason: 'end_turn',
      usage,
    };
  }
  return {
    ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model },
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Paris.' } }],
    usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
  };
}

function prepend(folder, path, text) {
  writeFileSync(join(folder, path), text + readFileSync(join(folder, path), 'utf8'));
}

function describe({ message, stderr }) {
  return [message, stderr].filter(Boolean).join('\n').slice(0, 2_000);
}
