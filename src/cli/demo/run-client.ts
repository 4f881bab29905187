import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { packageName } from '../../package-info.ts';
import type { ClientProgram } from './client-programs.ts';

export interface ClientRun {
  readonly program: ClientProgram;
  /** Of the application, whose packages are used. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly modelUrl: string;
  readonly posthogUrl: string;
  readonly apiKey: string;
  readonly isPrivate: boolean;
}

export interface ClientResult {
  readonly hasFailed: boolean;
  /** What the process wrote to standard error. */
  readonly said: string;
}

/** Longest that the program may take: a slow machine loads a client in some seconds. */
const TIMEOUT_MS = 60_000;

/** A setting for real runs must not change this one, and no call may go past the stand-ins. */
const NOT_PASSED_ON = /^(?:posthog_|otel_|openai_|anthropic_|https?_proxy$|all_proxy$|node_use_env_proxy$)/i;

/** Runs the program as an application that is started without code: `node --import posthog-llm-exporter/register`. */
export async function runClient(
  run: ClientRun,
  moduleText: (packageUrl: string) => string,
): Promise<ClientResult> {
  const script = moduleText(distUrl('index.js'));
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--import', distUrl('register.js'), '--input-type=module', '--eval', script],
    { cwd: run.folder, env: environment(run), stdio: ['ignore', 'ignore', 'pipe'], timeout: TIMEOUT_MS },
  );
  const code = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  const said = await text(child.stderr);
  return { hasFailed: (await code) !== 0, said };
}

function environment({ env, modelUrl, posthogUrl, apiKey, isPrivate }: ClientRun): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !NOT_PASSED_ON.test(name));
  return {
    ...Object.fromEntries(kept),
    POSTHOG_API_KEY: apiKey,
    POSTHOG_HOST: posthogUrl,
    POSTHOG_PRIVACY_MODE: String(isPrivate),
    OPENAI_API_KEY: 'none',
    OPENAI_BASE_URL: `${modelUrl}/v1`,
    ANTHROPIC_API_KEY: 'none',
    ANTHROPIC_BASE_URL: modelUrl,
  };
}

/** A file of the package as it is published; the application need not have it installed. */
function distUrl(file: string): string {
  const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  return pathToFileURL(join(dirname(manifest), 'dist', file)).href;
}
