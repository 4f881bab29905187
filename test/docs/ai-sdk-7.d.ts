// What AI SDK 7 adds to the version that is installed here.
import 'ai';

declare module 'ai' {
  export function registerTelemetry(telemetry: object): void;
}
