import { execFileSync, spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';

const running = new Set();

/**
 * Starts a program that ends with this one. Its lines on standard error are kept, for who asks why something went wrong.
 *
 * @param {{ env?: Record<string, string>, cwd?: string, onLine?: (line: string) => void, input?: boolean }} [options]
 *   `onLine` gets the lines of standard output
 */
export function start(command, args, { env = {}, cwd, onLine = () => {}, input = false } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const lines = [];
  createInterface({ input: child.stdout }).on('line', onLine);
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  const ended = new Promise((resolve) => {
    child.once('error', (error) => lines.push(String(error)));
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve(signal ?? code);
    });
  });
  return { child, lines, ended };
}

/** Ends a program and waits until it has ended. */
export async function stop({ child, ended }, signal = 'SIGTERM') {
  child.kill(signal);
  const hard = setTimeout(() => child.kill('SIGKILL'), 30_000);
  const how = await ended;
  clearTimeout(hard);
  return how;
}

export function stopAll() {
  for (const child of running) child.kill('SIGKILL');
}

/** Whether a tool answers. */
export function has(command, ...args) {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export const sleep = (timeMs) => new Promise((resolve) => setTimeout(resolve, timeMs));

/** Waits until something holds. @returns whether it did in time */
export async function until(holds, timeoutMs, intervalMs = 100) {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    if (await holds()) return true;
    await sleep(intervalMs);
  }
  return false;
}

/** Ports that nobody listens on now. */
export async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
    }),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Whether a request to this address succeeds. */
export function answersOk(url) {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

export function listensOn(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
