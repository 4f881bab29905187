import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type ConfigFileReading, readConfigFile } from '../../config/config-file.ts';
import { knownOptions } from '../../config/file-of-options.ts';
import type { FileSection, FileValue } from '../../config/parse-config-text.ts';
import { ALL_OPTIONS, type ResolvedConfig } from '../../config/resolve-config.ts';
import { typeName } from '../../config/type-name.ts';
import type { Acknowledgement } from '../admit/acknowledge.ts';
import type { LaneConfig } from '../lanes/lane.ts';
import { type GatewayConfig, isLoopback } from './gateway-config.ts';
import {
  ACKNOWLEDGE_RULE,
  GATEWAY_SETTINGS,
  type GatewaySection,
  type SectionValues,
  type SettingRow,
  type TlsFiles,
} from './gateway-settings.ts';
import { type ReadGatewayOptions, readLane } from './read-lane.ts';
import { type Complain, readSenders } from './read-senders.ts';

/** Closed: reading a file never throws. Messages hold no keys. */
export type GatewayReading =
  | { readonly type: 'read'; readonly config: GatewayConfig; readonly warnings: readonly string[] }
  | { readonly type: 'unusable'; readonly messages: readonly [string, ...string[]] };

/** Without a file. */
const BY_ENVIRONMENT: Extract<ConfigFileReading, { type: 'read' }> = {
  type: 'read',
  path: '',
  top: new Map(),
  destinations: [{ values: new Map() }],
  gatewayKeys: [],
  warnings: [],
};

/**
 * Reads the file of a gateway: what `docs/gateway.md` describes, checked as a whole.
 * @param path none: one destination, by the environment
 */
export function readGatewayFile(
  path: string | undefined,
  { env, loggerFor }: ReadGatewayOptions,
): GatewayReading {
  const reading = path === undefined ? BY_ENVIRONMENT : readConfigFile(path, env, knownOptions(ALL_OPTIONS));
  if (reading.type === 'missing') return { type: 'unusable', messages: [reading.message] };
  if (reading.type === 'unusable') return reading;
  const messages: string[] = [];
  const complain: Complain = (message, place) => {
    const where =
      path === undefined ? '' : `The config file ${path}${place === undefined ? '' : `, ${place}`}: `;
    messages.push(`${where}${message}.`);
  };
  const config = readChecked(reading, { env, loggerFor }, complain);
  const [first, ...rest] = messages;
  if (first !== undefined) {
    const hint =
      path === undefined ? ['A gateway of several destinations has a file; docs/gateway.md shows one.'] : [];
    return { type: 'unusable', messages: [first, ...rest, ...hint] };
  }
  const warnings = config.destinations.flatMap(({ name, config: { warnings: each } }) =>
    each.map((warning) => `${name}: ${warning}`),
  );
  return { type: 'read', config, warnings: [...reading.warnings, ...warnings] };
}

function readChecked(
  { top, destinations, path }: Extract<ConfigFileReading, { type: 'read' }>,
  options: ReadGatewayOptions,
  complain: Complain,
): GatewayConfig {
  const listen = readSection('listen', top, complain);
  const limits = readSection('limits', top, complain);
  const senders = readSenders(top.get('senders'), complain);
  const { test } = readSection('startup', top, complain);
  const openrouter = readSection('openrouter', top, complain);
  const page = readSection('page', top, complain);
  for (const name of ['http', 'grpc'] as const) {
    const address = listen[name];
    if (address && !isLoopback(address.host) && senders.length === 0) {
      const place = placeIn(top.get('listen'), name);
      complain(`"${name}" is open to other machines, so "senders" must name at least one key`, place);
    }
  }
  complainOfSharedPorts(listen, top.get('listen'), complain);
  const lanes = destinations.map((destination, index) =>
    readLane(destination, index, {
      ...options,
      complain,
      senders,
      count: destinations.length,
      limits,
    }),
  );
  const acknowledge = readAcknowledge(top.get('acknowledge'), lanes, complain);
  return {
    listen: { ...listen, tls: readTls(listen.tls, dirname(path), top.get('listen'), complain) },
    limits,
    senders,
    acknowledge,
    startupTest: test,
    openrouter,
    page,
    destinations: acknowledge === 'stored' ? lanes.map(spooledFirst) : lanes,
  };
}

/** Where a setting stands in its section. */
function placeIn(section: FileValue | undefined, ...path: readonly string[]): string | undefined {
  return section?.placeIn?.(path) ?? section?.place;
}

/** The host of all addresses of the machine. */
const ANY_HOSTS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** A second listener on a port would fail at the start. */
function complainOfSharedPorts(
  listen: SectionValues<'listen'>,
  section: FileValue | undefined,
  complain: Complain,
): void {
  const names = ['http', 'grpc', 'admin'] as const;
  const listening = names.flatMap((name) => (listen[name] ? [{ name, ...listen[name] }] : []));
  for (const [index, { name, host, port }] of listening.entries()) {
    const first = listening
      .slice(0, index)
      .find((other) => other.port === port && port !== 0 && isSameHost(other.host, host));
    if (first) complain(`"${name}" has the port of "${first.name}"`, placeIn(section, name));
  }
}

function isSameHost(one: string, other: string): boolean {
  return one === other || ANY_HOSTS.has(one) || ANY_HOSTS.has(other);
}

/** The settings of one section of the file; what is wrong is complained about, and has its default. */
function readSection<Section extends GatewaySection>(
  section: Section,
  top: FileSection,
  complain: Complain,
): SectionValues<Section> {
  const rows: Readonly<Record<string, SettingRow<unknown>>> = GATEWAY_SETTINGS[section];
  const held = top.get(section);
  const given = held?.value ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) {
    complain(`"${section}" must be an object, not ${typeName(given)}`, held?.place);
  }
  const members = new Map(Object.entries(given));
  for (const name of members.keys()) {
    if (Object.hasOwn(rows, name)) continue;
    complain(
      `"${section}" has no setting "${name}"; it has ${Object.keys(rows).join(', ')}`,
      placeIn(held, name),
    );
  }
  const values = Object.entries(rows).map(([name, { rule, fallback }]) => {
    const raw: unknown = members.get(name);
    if (raw === undefined || raw === null) return [name, fallback];
    const value = rule.fromFile ? rule.fromFile(raw) : raw;
    const flaw = rule.flaw(value, 'config file');
    if (flaw === undefined) return [name, value];
    complain(`"${section}.${name}" ${typeof flaw === 'string' ? flaw : flaw.message}`, placeIn(held, name));
    return [name, fallback];
  });
  return Object.fromEntries(values) as SectionValues<Section>;
}

/** With a disk behind every destination, an answer can mean that nothing is lost any more. */
function readAcknowledge(
  held: FileValue | undefined,
  destinations: readonly LaneConfig[],
  complain: Complain,
): Acknowledgement {
  const withDisk = destinations.filter(({ config }) => config.spool !== undefined).length;
  if (held === undefined) return withDisk === destinations.length ? 'stored' : 'accepted';
  const flaw = ACKNOWLEDGE_RULE.flaw(held.value, 'config file');
  if (flaw !== undefined) {
    complain(`"acknowledge" ${typeof flaw === 'string' ? flaw : flaw.message}`, held.place);
    return 'accepted';
  }
  const acknowledge = held.value as Acknowledgement;
  if (acknowledge === 'stored' && withDisk < destinations.length) {
    complain('"acknowledge: stored" needs a "spool" for every destination', held.place);
  }
  if (acknowledge === 'delivered' && withDisk > 0) {
    complain('"acknowledge: delivered" keeps nothing on disk; leave "spool" out', held.place);
  }
  return acknowledge;
}

/** A destination whose events are on disk before anything else happens, as an answer `stored` promises. */
function spooledFirst(lane: LaneConfig): LaneConfig {
  const { spool } = lane.config;
  if (!spool || spool.mode === 'always') return lane;
  const config: ResolvedConfig = { ...lane.config, spool: { ...spool, mode: 'always' } };
  return { ...lane, config, fingerprint: `${lane.fingerprint} always` };
}

function readTls(
  files: TlsFiles | undefined,
  folder: string,
  listen: FileValue | undefined,
  complain: Complain,
): GatewayConfig['listen']['tls'] {
  if (!files) return undefined;
  const read = (name: keyof TlsFiles, file: string): Buffer => {
    try {
      return readFileSync(resolve(folder, file));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
      complain(`the file ${file} of "listen.tls" cannot be read (${code})`, placeIn(listen, 'tls', name));
      return Buffer.alloc(0);
    }
  };
  const { certFile, keyFile, clientCaFile, admin = false } = files;
  return {
    cert: read('certFile', certFile),
    key: read('keyFile', keyFile),
    clientCa: clientCaFile === undefined ? undefined : read('clientCaFile', clientCaFile),
    isForAdmin: admin,
  };
}
