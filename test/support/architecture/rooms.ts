import type { Plan } from './check-rooms.ts';

/**
 * What each room of `src` may import besides itself. Three storeys: how spans come in, the road, the way out; and
 * what all of them use. CONTRIBUTING says what stands in which room.
 */
export const PLAN: Plan = {
  planFile: 'test/support/architecture/rooms.ts',
  doors: [
    'index.ts',
    'register.ts',
    'register-require.ts',
    'cli/main.ts',
    'register/bundled-provider.ts',
    'gateway/page/app/main.tsx',
  ],
  unfinished: [],
  typePackages: ['@opentelemetry/api'],
  rooms: {
    // Used by all.
    'package-info.ts': {},
    json: {},
    ledger: { packages: ['@opentelemetry/api', '@opentelemetry/semantic-conventions'] },
    config: {
      code: [
        'deliver',
        // A config file is written as safely as a spool file.
        'deliver/spool',
        'ledger',
        'translate/event',
        'translate/privacy',
        'translate/selection',
      ],
      types: ['translate/span'],
      packages: ['node:', 'yaml'],
    },

    // The road: pure, without network, clock, disk, configuration look-up or logging.
    'translate/posthog-event.ts': {},
    'translate/span': { code: ['json'], packages: ['@opentelemetry/semantic-conventions'] },
    'translate/call': { code: ['json'], types: ['translate/span'] },
    'translate/messages': { code: ['json', 'translate/call', 'translate/span'] },
    'translate/dialects': {
      code: ['json', 'translate/call', 'translate/messages', 'translate/span'],
      packages: ['@opentelemetry/semantic-conventions'],
    },
    'translate/reading': {
      code: ['json', 'translate/call', 'translate/dialects', 'translate/messages', 'translate/span'],
      packages: ['@opentelemetry/semantic-conventions'],
    },
    'translate/trace': { code: ['translate/call', 'translate/privacy', 'translate/span'] },
    'translate/selection': { code: ['json', 'translate/call'], types: ['translate/trace'] },
    'translate/media': { code: ['json'] },
    'translate/limits': { code: ['json', 'translate/media'], types: ['translate/posthog-event.ts'] },
    'translate/event': {
      code: [
        'json',
        'package-info.ts',
        'translate/call',
        'translate/limits',
        'translate/posthog-event.ts',
        'translate/span',
      ],
      packages: ['node:crypto'],
    },
    'translate/privacy': {
      code: [
        'json',
        'translate/call',
        'translate/dialects',
        'translate/event',
        'translate/limits',
        'translate/media',
      ],
      types: ['translate/posthog-event.ts'],
      packages: ['node:net'],
    },
    // The order of the steps.
    translate: {
      code: [
        'json',
        'translate/event',
        'translate/limits',
        'translate/privacy',
        'translate/reading',
        'translate/selection',
        'translate/trace',
      ],
      types: ['translate/call', 'translate/dialects', 'translate/posthog-event.ts', 'translate/span'],
    },

    // The way out, which knows nothing of LLMs.
    deliver: {
      code: ['json', 'ledger', 'package-info.ts'],
      packages: ['node:', 'undici', '@opentelemetry/api'],
    },
    'deliver/spool': { code: ['deliver', 'json', 'ledger'], packages: ['node:'] },
    'deliver/outbox': { code: ['deliver', 'deliver/spool', 'ledger'] },
    'deliver/connection': { code: ['config', 'deliver', 'ledger', 'package-info.ts'], packages: ['undici'] },

    // One destination.
    pipeline: {
      code: [
        // Lines of debug give the address of a trace.
        'config',
        'deliver',
        'deliver/connection',
        'deliver/outbox',
        'deliver/spool',
        'json',
        'ledger',
        'package-info.ts',
        'translate',
        'translate/event',
        'translate/limits',
        'translate/span',
        'translate/trace',
      ],
      types: ['translate/posthog-event.ts', 'translate/reading'],
    },

    // How spans come in.
    explain: {
      code: [
        'json',
        'config',
        'deliver',
        'ledger',
        'translate',
        'translate/event',
        'translate/limits',
        'translate/privacy',
        'translate/reading',
        'translate/span',
        'translate/trace',
      ],
      types: ['translate/call', 'translate/dialects', 'translate/posthog-event.ts', 'translate/selection'],
      packages: ['@opentelemetry/semantic-conventions'],
    },
    'sdk/exit': { code: ['translate/span'], packages: ['node:os'] },
    'sdk/logs': { code: ['translate/span'] },
    'sdk/scope': {
      code: ['translate/event', 'translate/span'],
      packages: ['@opentelemetry/api', 'node:crypto'],
    },
    'sdk/exporter': {
      code: [
        'config',
        'explain',
        'package-info.ts',
        'pipeline',
        'sdk/logs',
        'sdk/scope',
        'translate/event',
        'translate/span',
      ],
      types: ['deliver/connection', 'ledger', 'translate/posthog-event.ts'],
      packages: ['@opentelemetry/api', 'node:crypto'],
    },
    'sdk/processor': {
      code: [
        'config',
        'deliver',
        'ledger',
        'package-info.ts',
        'pipeline',
        'sdk/exit',
        'sdk/exporter',
        'sdk/logs',
        'sdk/scope',
        'translate/reading',
        'translate/span',
        'translate/trace',
      ],
      packages: ['@opentelemetry/api'],
    },
    register: {
      code: [
        'config',
        'json',
        'ledger',
        'package-info.ts',
        'sdk/exit',
        'sdk/exporter',
        'sdk/logs',
        'sdk/processor',
        'sdk/scope',
        'translate/span',
      ],
      packages: ['@opentelemetry/', 'node:'],
    },
    gateway: {
      code: [
        'config',
        'deliver/connection',
        'explain',
        'json',
        'ledger',
        'package-info.ts',
        'pipeline',
        'translate',
        'translate/reading',
        'translate/span',
      ],
      packages: ['@grpc/grpc-js', 'node:', 'yaml'],
    },
    // Runs in browsers, and knows the rest by the forms of answers alone.
    'gateway/page/app': {
      types: ['config', 'deliver/connection', 'explain', 'gateway'],
      packages: ['preact'],
    },
    cli: {
      code: [
        'config',
        'deliver',
        'deliver/connection',
        'deliver/outbox',
        'deliver/spool',
        'explain',
        'gateway',
        'ledger',
        'package-info.ts',
        'pipeline',
        'register',
        'sdk/exporter',
        'sdk/processor',
        'sdk/scope',
        'translate',
        'translate/span',
      ],
      packages: [
        '@opentelemetry/api',
        '@opentelemetry/sdk-trace-base',
        'commander',
        'node:',
        'undici',
        'yaml',
      ],
    },

    // Doors.
    'register.ts': { code: ['register'], types: ['index.ts'] },
    'register-require.ts': { code: ['register'], types: ['index.ts'] },
    'index.ts': {
      code: [
        'config',
        'explain',
        'register',
        'sdk/exit',
        'sdk/exporter',
        'sdk/logs',
        'sdk/processor',
        'sdk/scope',
      ],
      types: [
        'deliver',
        'deliver/connection',
        'ledger',
        'pipeline',
        'translate/call',
        'translate/event',
        'translate/privacy',
        'translate/selection',
        'translate/span',
      ],
    },
  },
};
