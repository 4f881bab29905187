#!/usr/bin/env node
// Runs the commands of examples/gateway/docker/Dockerfile in an empty folder, with this package as npm would pack it, then what the
// image starts, and sends it a span over HTTP. No container engine is needed.  npm run check:deploy
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { otlpCall, otlpRequest } from './interop/lib/otlp-call.mjs';
import { answersOk, freePorts, start, stop, stopAll, until } from './interop/lib/processes.mjs';
import { startStandInPostHog } from './interop/lib/stand-in-posthog.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const examples = join(root, 'examples/gateway/docker');
const SPAN = otlpCall('0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331');

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'check-deploy-'));
  const posthog = await startStandInPostHog();
  try {
    const [app, spool, packed] = ['app', 'spool', 'packed'].map((name) => join(folder, name));
    for (const path of [app, spool, packed]) mkdirSync(path);
    const [{ filename }] = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', packed], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
    const dockerfile = readFileSync(join(examples, 'Dockerfile'), 'utf8');
    // As in the image, but the package comes from here and the folders are ours.
    const own = (text) =>
      text
        .replaceAll('/var/lib/posthog-llm', spool)
        .replace(' posthog-llm-exporter ', ` ${join(packed, filename)} `);
    for (const [, command] of dockerfile.matchAll(/^RUN (.+)$/gm)) {
      if (command.includes('chown')) continue;
      execFileSync('sh', ['-c', own(command)], { cwd: app, stdio: ['ignore', 'ignore', 'inherit'] });
    }
    const ports = await freePorts(3);
    const file = join(folder, 'gateway.yaml');
    const settings = [4318, 4317, 4319].reduce(
      (text, port, index) => text.replace(`0.0.0.0:${port}`, `127.0.0.1:${ports[index]}`),
      own(readFileSync(join(examples, 'gateway.yaml'), 'utf8')).replace(
        'endpoint: us',
        `endpoint: ${posthog.url}`,
      ),
    );
    writeFileSync(file, settings, { mode: 0o600 });
    const [command, ...args] = JSON.parse(/^CMD (.+)$/m.exec(dockerfile)[1]);
    const env = {
      POSTHOG_API_KEY: 'phc_0123456789abcdef0123456789abcdef',
      GATEWAY_KEY: 'key-of-applications',
    };
    const gateway = start(command, [...args.slice(0, -1), file], { cwd: app, env });
    const isReady = () => answersOk(`http://127.0.0.1:${ports[2]}/readyz`);
    if (!(await until(isReady, 30_000))) throw new Error(`not ready: ${gateway.lines.join('\n')}`);
    const answer = await fetch(`http://127.0.0.1:${ports[0]}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${env.GATEWAY_KEY}` },
      body: otlpRequest([SPAN]),
    });
    if (answer.status !== 200) throw new Error(`answered ${answer.status}: ${await answer.text()}`);
    if (!(await until(() => posthog.spans.has(SPAN.spanId), 15_000)))
      throw new Error('the span did not arrive');
    const how = await stop(gateway);
    if (how !== 0) throw new Error(`ended with ${how}: ${gateway.lines.join('\n')}`);
    console.log(
      'The commands of the Dockerfile install a gateway that starts, takes a span, delivers it and ends with 0.',
    );
  } finally {
    posthog.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main().finally(stopAll);
