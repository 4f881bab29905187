import { isInRange } from './version-range.ts';

/** A library that makes model calls, and what can record them. */
export interface Library {
  /** What an application imports. */
  readonly specifier: string;
  /** Instrumentation packages, best first: two on one library would record each call twice. */
  readonly watchers: readonly string[];
  /** What to install where nothing is: the first whose range of the library's versions holds. */
  readonly suggestions: readonly Suggestion[];
  /** The part of its module that `manuallyInstrument` takes. Default: its default export. */
  readonly manual?: 'module';
}

export interface Suggestion {
  readonly name: string;
  /** Versions of the library that this instrumentation takes, by its own `init()`. Default: all. */
  readonly takes?: string;
}

/** Ranges: as the newest release of each instrumentation that runs on Node 20 gives them. */
export const LIBRARIES: readonly Library[] = [
  {
    specifier: 'openai',
    watchers: [
      '@opentelemetry/instrumentation-openai',
      '@arizeai/openinference-instrumentation-openai',
      '@traceloop/instrumentation-openai',
    ],
    suggestions: [
      { name: '@arizeai/openinference-instrumentation-openai', takes: '>=5 <8' },
      { name: '@opentelemetry/instrumentation-openai', takes: '>=4.19 <7' },
    ],
  },
  {
    specifier: '@anthropic-ai/sdk',
    watchers: ['@arizeai/openinference-instrumentation-anthropic', '@traceloop/instrumentation-anthropic'],
    suggestions: [{ name: '@arizeai/openinference-instrumentation-anthropic' }],
  },
  {
    specifier: '@langchain/core/callbacks/manager',
    watchers: ['@arizeai/openinference-instrumentation-langchain', '@traceloop/instrumentation-langchain'],
    suggestions: [{ name: '@arizeai/openinference-instrumentation-langchain' }],
    manual: 'module',
  },
  {
    specifier: '@aws-sdk/client-bedrock-runtime',
    watchers: ['@arizeai/openinference-instrumentation-bedrock', '@traceloop/instrumentation-bedrock'],
    suggestions: [{ name: '@arizeai/openinference-instrumentation-bedrock' }],
  },
  one('@google-cloud/vertexai', '@traceloop/instrumentation-vertexai'),
  one('@google/generative-ai', '@traceloop/instrumentation-google-generativeai'),
  one('cohere-ai', '@traceloop/instrumentation-cohere'),
  one('together-ai', '@traceloop/instrumentation-together'),
  one('llamaindex', '@traceloop/instrumentation-llamaindex'),
];

/** What records the calls of this version of a library; `undefined` when nothing known does. */
export function suggestionFor({ suggestions }: Library, version: string): string | undefined {
  return suggestions.find(({ takes }) => takes === undefined || isInRange(version, takes))?.name;
}

/** Whether one of the known instrumentations is there that takes this version of a library. */
export function hasRecorder(
  { suggestions }: Library,
  version: string,
  isInstalled: (packageName: string) => boolean,
): boolean {
  return suggestions.some(
    ({ name, takes }) => isInstalled(name) && (takes === undefined || isInRange(version, takes)),
  );
}

function one(specifier: string, watcher: string): Library {
  return { specifier, watchers: [watcher], suggestions: [{ name: watcher }] };
}
