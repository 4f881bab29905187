import { createHash } from 'node:crypto';
import type { FileDestination } from '../../config/config-file.ts';
import type { FileSection } from '../../config/parse-config-text.ts';
import { readDestination } from '../../config/resolve-config.ts';
import type { Logger } from '../../ledger/log.ts';
import type { LaneConfig } from '../lanes/lane.ts';
import type { Sender } from '../receive/senders.ts';
import { isTexts, type SectionValues } from './gateway-settings.ts';
import type { Complain } from './read-senders.ts';

export interface ReadGatewayOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Logger of a destination. */
  readonly loggerFor: (destination: string) => Logger;
}

/** What a destination is read with. */
export interface LaneParts extends ReadGatewayOptions {
  readonly complain: Complain;
  readonly senders: readonly Sender[];
  readonly limits: SectionValues<'limits'>;
  /** Number of destinations, which share the memory. */
  readonly count: number;
}

/** One destination of the file. */
export function readLane(destination: FileDestination, index: number, parts: LaneParts): LaneConfig {
  const { complain, env, loggerFor } = parts;
  const name = destination.name ?? 'default';
  const values = withDefaults(destination.values, parts);
  const { config, problems } = readDestination({ name, values }, env, { logger: loggerFor(name) });
  const place = destination.values.get('name')?.place ?? `destination ${index + 1}`;
  for (const { message, fix, option } of problems) {
    const own = destination.values.get(option)?.place;
    const words = own === undefined ? message : message.replace(` (${own})`, '');
    complain(`${words} ${fix}`.replace(/\.$/, ''), own ?? place);
  }
  const senders = namesIn('senders', values, complain);
  const unknown = senders?.find((sender) => !parts.senders.some((known) => known.name === sender));
  if (unknown !== undefined) complain(`there is no sender "${unknown}"`, values.get('senders')?.place);
  return {
    name,
    config,
    // Of what the file says: the shares of the others change with their number.
    fingerprint: fingerprintOf(name, destination.values),
    senders,
    apiKeyNames: namesIn('apiKeyNames', values, complain),
  };
}

/** What follows from the gateway for a destination that does not say it. */
function withDefaults(values: FileSection, { limits, count }: LaneParts): FileSection {
  if (values.has('maxInFlightBytes')) return values;
  const value = Math.max(MIN_LANE_BYTES, Math.floor(limits.maxInFlightBytes / count));
  return new Map([...values, ['maxInFlightBytes', { value, place: '', isReferenced: false }]]);
}

/** Room for one event of the largest size. */
const MIN_LANE_BYTES = 16 * 1024 * 1024;

function namesIn(key: string, values: FileSection, complain: Complain): readonly string[] | undefined {
  const held = values.get(key);
  if (held === undefined) return undefined;
  if (isTexts(held.value)) return held.value;
  complain(`"${key}" must be a list of names`, held.place);
  return undefined;
}

function fingerprintOf(name: string, values: FileSection): string {
  const settings = [...values]
    .map(([key, { value }]) => [key, value] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return `${name} ${createHash('sha256').update(JSON.stringify(settings)).digest('hex')}`;
}
