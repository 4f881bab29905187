import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { packageOf } from '../../register/es-module-entry.ts';
import { versionOf } from '../../register/installed-version.ts';
import { LIBRARIES } from '../../register/libraries.ts';
import { type ModulesOfApp, modulesFrom } from '../../register/modules-of-app.ts';
import { readManifest } from '../../register/read-manifest.ts';

/** A package that the application names among its dependencies. */
export interface UsedPackage {
  readonly name: string;
  /** Installed; `undefined` when it is only declared. */
  readonly version: string | undefined;
  /** As `package.json` declares it. */
  readonly declared: string;
}

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** What was found in the folder of an application. */
export interface AppFindings {
  readonly folder: string;
  readonly manager: PackageManager;
  /** By what the manager was recognised; `undefined` when by nothing, and npm is assumed. */
  readonly managerBy: string | undefined;
  readonly isEsModule: boolean;
  readonly isTypeScript: boolean;
  readonly hasSourceFolder: boolean;
  readonly framework: UsedPackage | undefined;
  /** Libraries that make model calls. */
  readonly clients: readonly UsedPackage[];
  /** What sets up tracing already: OpenTelemetry's SDK, or what stands on it. */
  readonly sdks: readonly UsedPackage[];
  /** Where the SDK is set up, relative to the folder, when a file says so. */
  readonly sdkFile: string | undefined;
  /** Whether that file has to do with this package, so that the SDK has the processor. */
  readonly hasProcessor: boolean;
  readonly scripts: Readonly<Record<string, string>>;
  /** Main file, when there is one. */
  readonly main: string | undefined;
  isInstalled(packageName: string): boolean;
}

const LOCK_FILES: readonly (readonly [file: string, manager: PackageManager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];

/** The one that decides how the application starts comes first. */
const FRAMEWORKS: readonly string[] = ['next', '@nestjs/core', 'express', 'fastify', 'hono', 'koa', 'nuxt'];

/** The Vercel AI SDK records by itself; the others need an instrumentation. */
const CLIENTS: readonly string[] = [...new Set(LIBRARIES.map(({ specifier }) => packageOf(specifier))), 'ai'];

const SDKS: readonly string[] = [
  '@opentelemetry/sdk-node',
  '@opentelemetry/sdk-trace-node',
  '@opentelemetry/auto-instrumentations-node',
  '@vercel/otel',
  '@sentry/node',
  '@sentry/nextjs',
];

/** Where an SDK is set up. */
const SDK_SET_UP = /new NodeSDK\(|new NodeTracerProvider\(|registerOTel\(|Sentry\.init\(/;

/** @returns `undefined` when the folder has no `package.json` */
export function lookAtApp(folder: string): AppFindings | undefined {
  if (!existsSync(join(folder, 'package.json'))) return undefined;
  const manifest = readManifest(folder);
  const modules = modulesFrom(folder);
  const declared = { ...stringsIn(manifest['devDependencies']), ...stringsIn(manifest['dependencies']) };
  const used = (names: readonly string[]) =>
    names.filter((name) => name in declared).map((name) => usedPackage(modules, name, declared[name] ?? ''));
  const sdks = used(SDKS).filter(bringsSdk);
  const sdkFile = sdks.length > 0 ? findFile(folder, SDK_SET_UP) : undefined;
  return {
    folder,
    ...packageManager(folder, manifest),
    isEsModule: manifest['type'] === 'module',
    isTypeScript: existsSync(join(folder, 'tsconfig.json')),
    hasSourceFolder: existsSync(join(folder, 'src')),
    framework: used(FRAMEWORKS)[0],
    clients: used(CLIENTS),
    sdks,
    sdkFile,
    hasProcessor:
      sdkFile !== undefined && readFileSync(join(folder, sdkFile), 'utf8').includes('posthog-llm'),
    scripts: stringsIn(manifest['scripts']),
    main: mainFile(folder, manifest),
    isInstalled: (name) => name in declared || modules.folderOf(name) !== undefined,
  };
}

/** Sentry's package for Node has left OpenTelemetry to the application since version 11. */
function bringsSdk({ name, declared, version = declared }: UsedPackage): boolean {
  const [major] = /\d+/.exec(version) ?? [];
  return name !== '@sentry/node' || major === undefined || Number(major) < 11;
}

function usedPackage(modules: ModulesOfApp, name: string, declared: string): UsedPackage {
  return { name, declared, version: versionOf(modules, name) };
}

/** The lock file lies beside `package.json`, or in the root of a workspace above it. */
function packageManager(
  folder: string,
  manifest: Readonly<Record<string, unknown>>,
): Pick<AppFindings, 'manager' | 'managerBy'> {
  const named = /^(npm|pnpm|yarn|bun)@/.exec(String(manifest['packageManager']))?.[1];
  if (named !== undefined) return { manager: named as PackageManager, managerBy: 'packageManager' };
  for (let place = folder; ; place = dirname(place)) {
    const [file, manager] = LOCK_FILES.find(([name]) => existsSync(join(place, name))) ?? [];
    if (manager !== undefined) return { manager, managerBy: file };
    if (place === dirname(place)) return { manager: 'npm', managerBy: undefined };
  }
}

function mainFile(folder: string, { main }: Readonly<Record<string, unknown>>): string | undefined {
  const names = ['index', 'app', 'server', 'main'].flatMap((name) =>
    ['js', 'mjs', 'cjs', 'ts', 'mts'].map((extension) => `${name}.${extension}`),
  );
  const candidates = [
    ...(typeof main === 'string' ? [main] : []),
    ...names,
    ...names.map((name) => `src/${name}`),
  ];
  return candidates.find((name) => existsSync(join(folder, name)));
}

/** Looking for a hint must not take long: it is a hint. */
const MAX_FILES = 2_000;
const PASSED_OVER = /^(?:node_modules|dist|build|out|coverage|\..*)$/;

function findFile(folder: string, pattern: RegExp): string | undefined {
  const folders = [folder];
  let files = 0;
  for (let place = folders.shift(); place !== undefined; place = folders.shift()) {
    for (const entry of readdirSync(place, { withFileTypes: true })) {
      const path = join(place, entry.name);
      if (entry.isDirectory() && !PASSED_OVER.test(entry.name)) folders.push(path);
      if (!entry.isFile() || !/\.[cm]?[jt]sx?$/.test(entry.name)) continue;
      files += 1;
      if (files > MAX_FILES) return undefined;
      if (pattern.test(readFileSync(path, 'utf8'))) return relative(folder, path);
    }
  }
  return undefined;
}

function stringsIn(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
