import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type GatewayReading, readGatewayFile } from '../../src/gateway/config/read-gateway-file.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const ENV = { POSTHOG_KEY_PRODUCT: 'phc_product', GATEWAY_KEY: 'secret-key-of-shop' };

function read(text: string, env: NodeJS.ProcessEnv = ENV): GatewayReading {
  const path = join(mkdtempSync(join(tmpdir(), 'gateway-')), 'gateway.yaml');
  writeFileSync(path, text, { mode: 0o600 });
  return readGatewayFile(path, { env, loggerFor: () => createRecordingLogger() });
}

const ONE = 'destinations: [{ name: product, apiKey: "${env:POSTHOG_KEY_PRODUCT}" }]';

function configOf(text: string) {
  const reading = read(text);
  if (reading.type === 'unusable') throw new Error(reading.messages.join('\n'));
  return reading.config;
}

describe('a file', () => {
  it('of one destination has defaults for everything else', () => {
    expect(configOf(ONE)).toMatchObject({
      listen: {
        http: { host: '127.0.0.1', port: 4318 },
        grpc: undefined,
        admin: { host: '127.0.0.1', port: 4319 },
        maxBodyBytes: 64 * 1024 * 1024,
      },
      senders: [],
      acknowledge: 'accepted',
      limits: { maxInFlightBytes: 256 * 1024 * 1024, waitForLogsMs: 2_000 },
      startupTest: 'warn',
      openrouter: { testSpans: 'drop' },
      page: { content: false },
      destinations: [{ name: 'product' }],
    });
  });

  it('says everything at once', () => {
    const config = configOf(`
listen:
  http: "[::]:4318"
  grpc: localhost:4317
  admin: 127.0.0.1:9
  maxBodyBytes: 8 MiB
senders:
  - { name: shop, key: "\${env:GATEWAY_KEY}" }
  - { name: openrouter, key: 0123456789abcdef, header: X-Or-Key }
spool: { directory: /var/lib/posthog-llm, maxBytes: 2 GiB }
limits: { maxInFlightBytes: 64 MiB, waitForLogsMs: 100 }
startup: { test: require }
openrouter: { countFrom: application, testSpans: forward }
destinations:
  - name: product
    apiKey: phc_product
    endpoint: eu
    samplingRate: 0.2
  - name: spend
    apiKey: phc_spend
    privacyMode: true
    senders: [openrouter]
    apiKeyNames: [prod-*]
`);
    expect(config).toMatchObject({
      listen: {
        http: { host: '::', port: 4318 },
        grpc: { host: 'localhost', port: 4317 },
        maxBodyBytes: 8_388_608,
      },
      senders: [
        { name: 'shop', key: 'secret-key-of-shop' },
        { name: 'openrouter', header: 'x-or-key' },
      ],
      acknowledge: 'stored',
      startupTest: 'require',
      openrouter: { countFrom: 'application', testSpans: 'forward' },
    });
    expect(config.destinations).toMatchObject([
      {
        name: 'product',
        config: {
          endpoint: 'https://eu.i.posthog.com',
          samplingRate: 0.2,
          spool: { directory: '/var/lib/posthog-llm/product', mode: 'always' },
        },
      },
      {
        name: 'spend',
        senders: ['openrouter'],
        apiKeyNames: ['prod-*'],
        config: { privacyMode: true, maxInFlightBytes: 32 * 1024 * 1024 },
      },
    ]);
    expect(JSON.stringify(config.destinations.map(({ fingerprint }) => fingerprint))).not.toContain('phc_');
  });
});

it.each<[string, NodeJS.ProcessEnv, string, string | undefined]>([
  ['a key is one destination', { POSTHOG_API_KEY: 'phc_product' }, 'accepted', undefined],
  [
    'a key and a directory store what is answered',
    { POSTHOG_API_KEY: 'phc_product', POSTHOG_LLM_SPOOL_DIRECTORY: '/var/lib/posthog-llm' },
    'stored',
    'always',
  ],
])('without a file, %s', (_name, env, acknowledge, mode) => {
  const reading = readGatewayFile(undefined, { env, loggerFor: () => createRecordingLogger() });
  expect(reading).toMatchObject({
    type: 'read',
    config: { listen: { http: { port: 4318 } }, acknowledge, destinations: [{ name: 'default' }] },
  });
  const [lane] = reading.type === 'read' ? reading.config.destinations : [];
  expect(lane?.config.spool?.mode).toBe(mode);
  expect(lane?.config.apiKey.reveal()).toBe('phc_product');
});

it('a destination that is added leaves the others as they are', () => {
  const product = '{ name: product, apiKey: phc_product }';
  const printOf = (text: string) => configOf(text).destinations[0]?.fingerprint;
  const before = printOf(`destinations: [${product}]`);
  expect(printOf(`destinations: [${product}, { name: spend, apiKey: phc_spend }]`)).toBe(before);
  expect(printOf('destinations: [{ name: product, apiKey: phc_other }]')).not.toBe(before);
});

describe('what is wrong is said with its place, and without the key', () => {
  it.each<[string, string, RegExp]>([
    ['an unknown section', `${ONE}\nlisten2: {}`, /line 2, column 1: there is no option "listen2"/],
    [
      'an unknown setting',
      `${ONE}\nlisten: { https: "127.0.0.1:1" }`,
      /line 2.*"listen" has no setting "https"; it has http, grpc/,
    ],
    [
      'a section with a slip',
      `${ONE}\nlisen: {}`,
      /line 2, column 1: there is no option "lisen"; write "listen"/,
    ],
    [
      'a setting in lines of its own',
      `${ONE}\nlimits:\n  maxTraces: 3000\n  waitForLogsMs: 9000`,
      /line 4, column 3: "limits.waitForLogsMs" must be/,
    ],
    [
      'a wrong value',
      'destinations: [{ name: product, apiKey: phc_x, samplingRate: 20 }]',
      /line 1, column \d+: "samplingRate" must be [^(]*$/m,
    ],
    [
      'two listeners on a port',
      `${ONE}\nlisten:\n  http: 127.0.0.1:4318\n  admin: 127.0.0.1:4318`,
      /line 4, column 3: "admin" has the port of "http"/,
    ],
    [
      'two listeners on a port, one of them of all addresses',
      `${ONE}\nlisten: { grpc: "0.0.0.0:4319" }\nsenders: [{ name: a, key: "11111111" }]`,
      /line 2, column 1: "admin" has the port of "grpc"/,
    ],
    [
      'a sender without a key',
      `${ONE}\nsenders:\n  - { name: a, key: "11111111" }\n  - { name: b }`,
      /line 4, column 5: sender 2 needs a "key"/,
    ],
    [
      'a certificate in lines of its own',
      `${ONE}\nlisten:\n  tls:\n    certFile: nowhere.crt\n    keyFile: nowhere.key`,
      /line 5, column 5: the file nowhere.key/,
    ],
    [
      'an address',
      `${ONE}\nlisten: { http: 4318 }`,
      /"listen.http" must be an address such as 127.0.0.1:4318/,
    ],
    ['a size', `${ONE}\nlisten: { maxBodyBytes: lots }`, /"listen.maxBodyBytes" must be/],
    [
      'an option of a destination',
      'destinations: [{ name: product, apiKey: phc_x, samplingRate: 20 }]',
      /samplingRate/,
    ],
    ['a missing key', 'destinations: [{ name: product }]', /API key/],
    [
      'a variable that is not set',
      'destinations: [{ name: product, apiKey: "${env:NOT_SET}" }]',
      /NOT_SET is not set/,
    ],
    ['an open address without senders', `${ONE}\nlisten: { http: "0.0.0.0:4318" }`, /open to other machines/],
    ['a short key', `${ONE}\nsenders: [{ name: shop, key: abc }]`, /at least 8 characters/],
    [
      'two senders of one name',
      `${ONE}\nsenders: [{ name: a, key: "11111111" }, { name: a, key: "22222222" }]`,
      /same "name"/,
    ],
    [
      'a sender that is not there',
      'destinations: [{ name: product, apiKey: phc_x, senders: [shop] }]',
      /no sender "shop"/,
    ],
    ['storing without a disk', `${ONE}\nacknowledge: stored`, /needs a "spool"/],
    [
      'a certificate that is not there',
      `${ONE}\nlisten: { tls: { certFile: nowhere.crt, keyFile: nowhere.key } }`,
      /nowhere.crt.*ENOENT/,
    ],
    [
      'a certificate with a member of another kind',
      `${ONE}\nlisten: { tls: { certFile: a.crt, keyFile: a.key, admin: "yes" } }`,
      /"admin" must be true or false/,
    ],
    [
      'a certificate with a member that is none',
      `${ONE}\nlisten: { tls: { certFile: a.crt, keyFile: a.key, page: true } }`,
      /has no setting "page"/,
    ],
    ['no YAML', 'destinations: [', /not valid YAML/],
  ])('%s', (_name, text, expected) => {
    const reading = read(text);
    expect(reading.type).toBe('unusable');
    const messages = reading.type === 'unusable' ? reading.messages.join('\n') : '';
    expect(messages).toMatch(expected);
    expect(messages).not.toContain('phc_x');
    expect(messages).not.toContain('11111111');
  });
});
