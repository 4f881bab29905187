/** Node: the first of each line that is supported, those with known trouble around `require` and loader hooks, the newest. */
export const NODE = {
  first20: '20.19.0',
  first22: '22.12.0',
  hooks22: ['22.15.0', '22.23.3'],
  first24: '24.0.0',
  hooks24: ['24.0.0', '24.11.0'],
  newest20: '20.19.6',
  newest22: '22.23.5',
  newest24: '24.22.3',
  newest26: '26.12.1',
};

export const NODES = [NODE.first20, NODE.first22, NODE.newest22, NODE.first24, NODE.newest24, NODE.newest26];

const API = '@opentelemetry/api@~1.9.0';

/** The majors of OpenTelemetry's SDK: which package, what its provider is called, and on which Node it runs. */
export const SDKS = {
  'SDK 1.30': {
    from: '@opentelemetry/sdk-trace-base',
    provider: 'BasicTracerProvider',
    packages: ['@opentelemetry/sdk-trace-base@~1.30.1', '@opentelemetry/sdk-logs@~0.57.0', API],
  },
  'SDK 2': {
    from: '@opentelemetry/sdk-trace-base',
    provider: 'BasicTracerProvider',
    packages: ['@opentelemetry/sdk-trace-base@^2.0.0', '@opentelemetry/sdk-logs@~0.223.0', API],
  },
  'SDK 3': {
    from: '@opentelemetry/sdk-trace',
    provider: 'TracerProvider',
    packages: ['@opentelemetry/sdk-trace@^3.0.0', '@opentelemetry/api@~1.10.0'],
    node: [22, 15],
  },
};

/** @returns {boolean} whether a Node version is at least `[major, minor]` */
export function isAtLeast(version, [major, minor]) {
  const [ownMajor, ownMinor] = version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
