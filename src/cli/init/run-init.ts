import { resolve } from 'node:path';
import { runCheck } from '../commands/check.ts';
import type { CliIo, Output } from '../io.ts';
import { type ConnectionFlags, readSettings } from '../settings.ts';
import { type AppFindings, lookAtApp, type UsedPackage } from './look-at-app.ts';
import { planSetUp } from './plan-set-up.ts';
import type { Step } from './step.ts';
import { type StepResult, writeStep } from './write-steps.ts';

export interface InitFlags extends ConnectionFlags {
  readonly write?: boolean;
}

/** Looks at an application and says how to set it up. 0 when it is ready, or would be after what is said; else 1. */
export async function runInit(folder: string, flags: InitFlags, io: CliIo, output: Output): Promise<0 | 1> {
  const app = lookAtApp(resolve(folder));
  if (!app) {
    output.complain(`${resolve(folder)} has no package.json: run this in the folder of your application.`);
    return 1;
  }
  output.print(`${describe(app)}\n\n`);
  const { install, steps } = planSetUp(app);
  if (app.clients.length === 0)
    output.print(
      'No library that makes model calls is among the dependencies; install one, then look again.\n\n',
    );
  output.print(install === undefined ? 'All packages are installed.\n\n' : `Install:\n  ${install}\n\n`);
  for (const step of steps) output.print(`${describeStep(app, step, flags.write === true)}\n\n`);
  if (app.hasProcessor) output.print(`${app.sdkFile} gives the processor to the SDK already.\n\n`);
  else if (steps.length === 0)
    output.print('The start script loads posthog-llm-exporter/register already.\n\n');
  else if (flags.write !== true && steps.some(({ file, script }) => file ?? script))
    output.print('Nothing was written; --write does it, and leaves every file that exists as it is.\n\n');
  return check(flags, io, output);
}

/** Ends with the connection test, where there is a key to test. */
async function check(flags: InitFlags, io: CliIo, output: Output): Promise<0 | 1> {
  const { problems } = readSettings(flags, io, output);
  if (problems.some(({ code }) => code === 'api-key-missing')) {
    output.print(
      'Key:\n  Set POSTHOG_API_KEY (PostHog: Settings, Project, Project API key), and POSTHOG_HOST=eu outside of the US.',
    );
    output.print('  Then run posthog-llm-exporter check.');
    return 0;
  }
  return runCheck(flags, io, output);
}

function describe(app: AppFindings): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Folder', app.folder],
    ['Package manager', `${app.manager}${app.managerBy === undefined ? '' : ` (${app.managerBy})`}`],
    ['Modules', `${app.isEsModule ? 'ES modules' : 'CommonJS'}${app.isTypeScript ? ', TypeScript' : ''}`],
    ['Node', process.versions.node],
    ['Framework', app.framework ? describePackage(app.framework) : 'none that needs more than a preload'],
    ['LLM libraries', app.clients.map(describePackage).join(', ') || 'none'],
    [
      'Tracing',
      [...app.sdks.map(describePackage), ...(app.sdkFile ? [`in ${app.sdkFile}`] : [])].join(', ') || 'none',
    ],
  ];
  return rows.map(([name, value]) => `${name.padEnd(16)} ${value}`).join('\n');
}

function describePackage({ name, version, declared }: UsedPackage): string {
  return version === undefined ? `${name} ${declared} (not installed)` : `${name} ${version}`;
}

const RESULTS: Readonly<Record<StepResult, string>> = {
  written: ' (written)',
  'as it should be': ' (is there already)',
  exists: ' (there is such a file already: add this to it)',
  'by hand': '',
};

function describeStep({ folder }: AppFindings, step: Step, isWriting: boolean): string {
  const result = RESULTS[isWriting ? writeStep(folder, step) : 'by hand'];
  const code = step.file?.text ?? step.code;
  const title = step.file
    ? `${step.file.path}: ${step.says}${result}`
    : `${step.script ? `package.json: ${step.says}` : step.says}${result}`;
  return code === undefined ? title : `${title}\n${indent(code.trimEnd())}`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
