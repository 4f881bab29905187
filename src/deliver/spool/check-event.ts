import { isUtf8 } from 'node:buffer';
import { isRecord } from '../../json/is-record.ts';

/** Members of an event as the exporter writes it. One with another (`token`, `api_key`) could go to another project. */
const MEMBERS: ReadonlySet<string> = new Set(['event', 'uuid', 'distinct_id', 'timestamp', 'properties']);

/** Names by which PostHog finds a key inside of the properties. */
const KEYS: readonly string[] = ['token', 'api_key', '$token'];

/**
 * Whether bytes from the disk may stand in a request: one JSON object, an event of ours with this `uuid`, that names no
 * project. Whoever can write to the directory can then change neither the request around the event nor where it goes.
 */
export function isSendableEvent(json: Buffer, uuid: string): boolean {
  if (!isUtf8(json)) return false;
  let event: unknown;
  try {
    event = JSON.parse(json.toString('utf8'));
  } catch {
    return false;
  }
  if (!isRecord(event) || !Object.keys(event).every((name) => MEMBERS.has(name))) return false;
  const { event: name, distinct_id: distinctId, properties } = event;
  if (event['uuid'] !== uuid || typeof name !== 'string' || !name.startsWith('$ai_')) return false;
  if (typeof distinctId !== 'string' || !isRecord(properties)) return false;
  return !KEYS.some((key) => Object.hasOwn(properties, key));
}
