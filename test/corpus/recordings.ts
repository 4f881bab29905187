import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const CORPUS = join(import.meta.dirname, '../fixtures/corpus');

/** One request that the stand-in model server was asked, and its answer. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly request: unknown;
  readonly status: number;
  /** `sse` and `text` hold the raw text, `base64` a binary event stream. */
  readonly contentType: 'json' | 'sse' | 'text' | 'base64';
  readonly response: unknown;
}

/** What one run of a real package left behind, with what really happened beside it. */
export interface Recording {
  /** `openinference-openai/chat-basic`. */
  readonly name: string;
  readonly folder: string;
  readonly scenario: string;
  /** OTLP/JSON `ExportTraceServiceRequest`; absent when no span ended. */
  readonly spans: unknown;
  /** OTLP/JSON `ExportLogsServiceRequest`. */
  readonly logs: unknown;
  readonly exchanges: readonly Exchange[];
  readonly expectedFile: string;
}

/** What a folder holds, by its `manifest.json`. */
export interface Manifest {
  readonly instrumentation: string;
  /** Version by npm package. */
  readonly packages: Readonly<Record<string, string>>;
  /** Description by scenario. */
  readonly scenarios: Readonly<Record<string, string>>;
}

export function listFolders(): string[] {
  return readdirSync(CORPUS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

export function readManifest(folder: string): Manifest {
  return readJson(join(CORPUS, folder, 'manifest.json')) as Manifest;
}

export function readRecordings(folder: string): Recording[] {
  return Object.keys(readManifest(folder).scenarios).map((scenario) =>
    readRecording(CORPUS, folder, scenario),
  );
}

/** Recordings beside the project, some without truths; to be read one by one, since all together are large. */
export function listOtherRecordings(
  corpus: string,
): { readonly name: string; readonly read: () => Recording }[] {
  const folders = readdirSync(corpus, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name: folder }) =>
    readdirSync(join(corpus, folder))
      .filter((file) => file.endsWith('.json') && !/\.(?:truth|logs)\.json$|^manifest\.json$/.test(file))
      .map((file) => file.slice(0, -'.json'.length))
      .map((scenario) => ({
        name: `${folder}/${scenario}`,
        read: () => {
          const { exchanges, ...rest } = readRecording(corpus, folder, scenario);
          return { ...rest, exchanges: exchanges ?? [] };
        },
      })),
  );
}

function readRecording(corpus: string, folder: string, scenario: string): Recording {
  const file = (ending: string) => join(corpus, folder, `${scenario}${ending}`);
  return {
    name: `${folder}/${scenario}`,
    folder,
    scenario,
    spans: readJson(file('.json')),
    logs: readJson(file('.logs.json')),
    exchanges: readJson(file('.truth.json')) as Exchange[],
    expectedFile: file('.expected.json'),
  };
}

function readJson(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
