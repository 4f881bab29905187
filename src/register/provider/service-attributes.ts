import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import { readManifest } from '../read-manifest.ts';

/** Resource attributes by OpenTelemetry's variables; the name of the application's package when they name no service. */
export function serviceAttributes(env: NodeJS.ProcessEnv): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const pair of (env['OTEL_RESOURCE_ATTRIBUTES'] ?? '').split(',')) {
    const [key, value] = pair.split('=', 2).map((part) => part.trim());
    if (key && value) attributes[key] = decode(value);
  }
  const name = env['OTEL_SERVICE_NAME'] ?? attributes[ATTR_SERVICE_NAME] ?? packageName();
  return name ? { ...attributes, [ATTR_SERVICE_NAME]: name } : attributes;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function packageName(): string | undefined {
  const { name } = readManifest(process.cwd());
  return typeof name === 'string' ? name : undefined;
}
