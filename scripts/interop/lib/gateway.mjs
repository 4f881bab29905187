import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answersOk, freePorts, start, stop, until } from './processes.mjs';
import { startStandInPostHog } from './stand-in-posthog.mjs';

const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

/**
 * A built gateway as a process of its own, which keeps its ports when it is started again.
 *
 * @param {string} folder for its file and its disk
 * @param {object} settings of the file, beside `listen`
 */
export async function createGateway(folder, settings, name = 'gateway') {
  const [http, grpc, admin] = await freePorts(3);
  const listen = { http: `127.0.0.1:${http}`, grpc: `127.0.0.1:${grpc}`, admin: `127.0.0.1:${admin}` };
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ listen, startup: { test: 'off' }, ...settings }), { mode: 0o600 });
  let running;
  return {
    ports: { http, grpc, admin },
    get pid() {
      return running?.child.pid;
    },
    async start() {
      running = start(process.execPath, [MAIN, 'serve', file]);
      const isReady = async () => {
        if (running.child.exitCode !== null) throw new Error(running.lines.join('\n'));
        return answersOk(`http://127.0.0.1:${admin}/readyz`);
      };
      if (!(await until(isReady, 60_000))) throw new Error(`not ready: ${running.lines.join('\n')}`);
    },
    /** Ends it, and starts it again. */
    async restart(signal) {
      await stop(running, signal);
      await this.start();
    },
    stop: (signal) => stop(running, signal),
    metrics: async () => (await fetch(`http://127.0.0.1:${admin}/metrics`)).text(),
  };
}

/**
 * Runs something beside a gateway that sends to a stand-in for PostHog; then ends both, and removes their folder.
 *
 * @param {{ settings?: (folder: string) => object, destination?: object, endSignal?: string }} [options] `settings` of the file;
 *   `destination`: of its only one, beside its name, key and endpoint
 */
export async function withGateway(run, { settings, destination, endSignal } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'interop-'));
  const posthog = await startStandInPostHog();
  const gateway = await createGateway(folder, {
    ...settings?.(folder),
    destinations: [{ name: 'product', apiKey: 'phc_interop', endpoint: posthog.url, ...destination }],
  });
  try {
    await gateway.start();
    return await run({ folder, posthog, gateway });
  } finally {
    await gateway.stop(endSignal).catch(() => {});
    posthog.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
