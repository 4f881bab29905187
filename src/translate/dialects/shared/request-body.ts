import { isRecord } from '../../messages/recorded-json.ts';
import type { AttributeEntries, AttributeSource } from '../dialect.ts';
import { inside, lastResort, structured } from './sources.ts';

/** Attributes in which instrumentations record the request as the application made it, with or without its messages. */
const REQUEST_BODIES: readonly string[] = [
  'llm.invocation_parameters', // OpenInference
  'request_data', // Logfire
  'braintrust.metadata',
  'langfuse.observation.model.parameters',
];

/** Python clients take what they have no parameter for as `extra_body`, and some instrumentations record it so. */
const PLACES: readonly string[] = ['', 'extra_body/'];

/** A value in the body of the request, wherever that is recorded. Everything that says the same in another way wins. */
export function inRequestBody<T>(
  paths: readonly string[],
  read: AttributeSource<T>['read'],
): AttributeSource<T>[] {
  const all = PLACES.flatMap((place) => paths.map((path) => place + path));
  return REQUEST_BODIES.map((key) => lastResort(inside(key, all, read)));
}

/** The members of an object in the body of the request. */
export function entriesInRequestBody<T>(
  name: string,
  read: (entries: AttributeEntries) => T | undefined,
): AttributeSource<T>[] {
  return REQUEST_BODIES.map((key) =>
    structured(key, (body) => {
      if (!isRecord(body)) return undefined;
      const object = body[name] ?? (isRecord(body['extra_body']) ? body['extra_body'][name] : undefined);
      return isRecord(object) ? read(Object.entries(object)) : undefined;
    }),
  );
}
