#!/usr/bin/env node
/**
 * The first minute of somebody who writes Python: what the README says of the gateway, by its own text, in an empty folder and
 * a fresh virtual environment, until the event of a call has arrived at a PostHog on this machine. Model and PostHog are stand-ins.
 *
 *   node scripts/interop/check-first-minute-python.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingForPython } from './lib/clients.mjs';
import { withGateway } from './lib/gateway.mjs';
import { start, stopAll, until } from './lib/processes.mjs';
import { startStandInModel } from './lib/stand-in-model.mjs';

const README = fileURLToPath(new URL('../../README.md', import.meta.url));
/** Longest from the first command to the event, beside the download. */
const MAX_SECONDS = 60;

const APP = `from openai import OpenAI

answer = OpenAI().chat.completions.create(
    model="gpt-4o-mini",
    messages=[{"role": "user", "content": "Which jacket for the rain?"}],
)
print(answer.choices[0].message.content)
`;

/** The commands for Python, one for each line. */
function commandsOf(page) {
  const block = [...page.matchAll(/```sh\n([^`]*)```/g)].find(([, text]) =>
    text.includes('opentelemetry-instrument '),
  );
  if (!block) throw new Error('The README has no commands for Python.');
  return block[1].trim().split('\n');
}

/** The stand-ins answer meanwhile. */
async function shell(command, cwd, env) {
  const program = start('bash', ['-ec', command], { cwd, env });
  const how = await program.ended;
  if (how !== 0) throw new Error(`${command} ended with ${how}:\n${program.lines.slice(-10).join('\n')}`);
}

async function follow(commands, { folder, posthog, gateway }) {
  const model = await startStandInModel();
  try {
    writeFileSync(join(folder, 'app.py'), APP);
    const env = {
      PATH: `${join(folder, 'venv/bin')}${delimiter}${process.env.PATH}`,
      OPENAI_BASE_URL: model.url,
      OPENAI_API_KEY: 'sk-none',
    };
    // An application has its client library already.
    await shell('python3 -m venv venv && venv/bin/pip install --quiet openai', folder, env);
    const seconds = [];
    for (const command of commands) {
      const startMs = performance.now();
      const here = command.replace('127.0.0.1:4318', `127.0.0.1:${gateway.ports.http}`);
      await shell(here, folder, env);
      if (command === commands.at(-1)) await until(() => posthog.events.length > 0, 30_000, 20);
      seconds.push((performance.now() - startMs) / 1000);
    }
    return { seconds, events: posthog.events };
  } finally {
    model.close();
  }
}

async function main() {
  const missing = missingForPython();
  if (missing) return console.log(`check:first-minute-python: skipped, ${missing} is not installed here`);
  const commands = commandsOf(readFileSync(README, 'utf8'));
  const { seconds, events } = await withGateway((beside) => follow(commands, beside));
  for (const [index, command] of commands.entries())
    console.log(`${seconds[index].toFixed(1)} s  ${command}`);
  const calls = events.filter(({ event }) => event === '$ai_generation');
  const [call] = calls;
  console.log(
    `${calls.length} call arrived: ${call?.properties.$ai_model}, ${call?.properties.$ai_input_tokens} tokens in`,
  );
  const isWhole = JSON.stringify(call?.properties.$ai_input).includes('Which jacket for the rain?');
  if (calls.length !== 1 || !isWhole || seconds.at(-1) > MAX_SECONDS) process.exitCode = 1;
}

await main().finally(stopAll);
