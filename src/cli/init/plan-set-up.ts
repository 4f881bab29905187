import { packageOf } from '../../register/es-module-entry.ts';
import { hasRecorder, LIBRARIES, suggestionFor } from '../../register/libraries.ts';
import type { AppFindings, PackageManager, UsedPackage } from './look-at-app.ts';
import { setUpFor } from './set-ups.ts';
import type { Step } from './step.ts';

export interface Plan {
  /** One line for the shell; `undefined` when everything is there. */
  readonly install: string | undefined;
  readonly steps: readonly Step[];
}

const ADD: Readonly<Record<PackageManager, string>> = {
  npm: 'npm install',
  pnpm: 'pnpm add',
  yarn: 'yarn add',
  bun: 'bun add',
};

/** The smallest set-up that fits what was found. */
export function planSetUp(app: AppFindings): Plan {
  const wanted = ['posthog-llm-exporter', '@opentelemetry/api', ...instrumentationsFor(app)];
  const missing = wanted.filter((name) => !app.isInstalled(name));
  return {
    install: missing.length > 0 ? `${ADD[app.manager]} ${missing.join(' ')}` : undefined,
    steps: [...setUpFor(app), ...stepsForAiSdk(app)],
  };
}

/** None where one is there already that takes the installed version of the library. */
function instrumentationsFor({ clients, isInstalled }: AppFindings): string[] {
  return clients.flatMap((client) => {
    const library = LIBRARIES.find(({ specifier }) => packageOf(specifier) === client.name);
    if (!library) return isAiSdk7(client) ? ['@ai-sdk/otel'] : [];
    const version = versionOf(client);
    const suggestion = suggestionFor(library, version);
    return suggestion === undefined || hasRecorder(library, version, isInstalled) ? [] : [suggestion];
  });
}

/** The Vercel AI SDK makes its own spans, when its telemetry is on. */
function stepsForAiSdk({ clients, sdks }: AppFindings): Step[] {
  const client = clients.find(({ name }) => name === 'ai');
  if (!client) return [];
  if (isAiSdk7(client)) {
    // What starts without an SDK of the application switches it on.
    if (sdks.length === 0) return [];
    return [
      {
        says: 'The Vercel AI SDK records its calls once it is told to, where the application starts:',
        code: `import { OpenTelemetry } from '@ai-sdk/otel';\nimport { registerTelemetry } from 'ai';\n\nregisterTelemetry(new OpenTelemetry());`,
      },
    ];
  }
  return [
    {
      says: 'The Vercel AI SDK records a call when it is told to, in each generateText, streamText, …:',
      code: 'experimental_telemetry: { isEnabled: true },',
    },
  ];
}

function isAiSdk7(client: UsedPackage): boolean {
  return client.name === 'ai' && Number.parseInt(versionOf(client), 10) >= 7;
}

/** What is installed, else the lowest version that is declared. */
function versionOf({ version, declared }: UsedPackage): string {
  return version ?? /\d[\w.-]*/.exec(declared)?.[0] ?? '0';
}
