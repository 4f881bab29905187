import {
  ATTR_DEPLOYMENT_ENVIRONMENT_NAME,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';
import type { AttributeMap, SpanView } from '../span/span-view.ts';

const SERVICE_ATTRIBUTES: readonly (readonly [attribute: string, property: string])[] = [
  [ATTR_SERVICE_NAME, ATTR_SERVICE_NAME],
  [ATTR_SERVICE_VERSION, ATTR_SERVICE_VERSION],
  [ATTR_DEPLOYMENT_ENVIRONMENT_NAME, ATTR_DEPLOYMENT_ENVIRONMENT_NAME],
  ['deployment.environment', ATTR_DEPLOYMENT_ENVIRONMENT_NAME],
];

/** By attributes of a resource, which do not change and which all spans of a provider share; frozen, as its calls share it. */
const services = new WeakMap<AttributeMap, Readonly<Record<string, string>>>();

/** The service that a span comes from, by its resource. */
export function serviceOf({ resource }: SpanView): Readonly<Record<string, string>> {
  const known = services.get(resource);
  if (known) return known;
  const service = Object.freeze(readService(resource));
  services.set(resource, service);
  return service;
}

function readService(resource: AttributeMap): Readonly<Record<string, string>> {
  const service: Record<string, string> = {};
  for (const [attribute, property] of SERVICE_ATTRIBUTES) {
    const value = resource[attribute];
    if (typeof value !== 'string' || value === '' || service[property] !== undefined) continue;
    // What SDKs write when the service was not named; the rest of it is the path of the executable.
    if (!value.startsWith('unknown_service')) service[property] = value;
  }
  return service;
}
