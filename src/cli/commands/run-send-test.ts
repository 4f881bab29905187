import { getGlobalDispatcher } from 'undici';
import { traceUrlOf } from '../../config/endpoint.ts';
import type { ResolvedConfig } from '../../config/resolve-config.ts';
import { shownRequestUrl } from '../../deliver/posthog-routes.ts';
import { PostHogLLMSpanExporter } from '../../sdk/exporter/exporter.ts';
import type { ReadableSpanLike } from '../../translate/span/sdk-types.ts';
import { printResult, testSettings } from '../connection-check.ts';
import type { CliIo, Output } from '../io.ts';
import { eventsIn, recordRequests } from '../sent-requests.ts';
import { type ConnectionFlags, type PrivacyFlags, usableSettings } from '../settings.ts';
import { recordTestSpan } from '../test-trace.ts';

export type SendTestFlags = ConnectionFlags & PrivacyFlags;

/** Sends one made-up generation through the real exporter, and prints it. 0 when PostHog took it, else 1. */
export async function runSendTest(flags: SendTestFlags, io: CliIo, output: Output): Promise<0 | 1> {
  const config = usableSettings(flags, io, output);
  if (config === undefined) return 1;
  // PostHog's capture routes take events for any key and throw them away later, so the key is checked first.
  const result = await testSettings(config, io);
  const isUndecided = result.status === 'key-not-verifiable' || result.status === 'rate-limited';
  if (result.status !== 'ok' && !isUndecided) {
    printResult(result, config.apiKey.toString(), output);
    output.complain('Nothing was sent.');
    return 1;
  }
  if (isUndecided) {
    output.complain(`Note: ${result.message} The test event is sent all the same.`);
  }
  return sendTestEvent(config, io, output);
}

async function sendTestEvent(config: ResolvedConfig, io: CliIo, output: Output): Promise<0 | 1> {
  const { dispatcher, requests } = recordRequests(io.dispatcher ?? getGlobalDispatcher());
  const exporter = new PostHogLLMSpanExporter({
    apiKey: config.apiKey.reveal(),
    endpoint: config.endpoint,
    privacyMode: config.privacyMode,
    headers: config.headers,
    configFile: false,
    enabled: true,
    dispatcher,
    logger: {
      error: output.complain,
      warn: output.complain,
      info: () => {},
      debug: () => {},
    },
  });
  const failure = await exportSpan(exporter, recordTestSpan());
  await exporter.shutdown();
  if (failure !== undefined) {
    output.complain(`The test event was not delivered: ${failure}`);
    output.complain('Run "posthog-llm-exporter check" to find out more.');
    return 1;
  }
  // An older PostHog gets a second request, on another route; the last one is the one that was taken.
  const sent = requests.at(-1);
  // The generation, and one event that carries the name of its trace.
  const events = sent === undefined ? [] : eventsIn(sent);
  output.print(`Sent to ${shownRequestUrl(new URL(sent?.path ?? '', config.endpoint).href)}:\n`);
  output.print(JSON.stringify(events, null, 2));
  const url = traceUrlOf(traceIdOf(events[0]), config.endpoint, config.uiHost);
  output.print(
    url === undefined
      ? '\nIt shows in your PostHog in a minute or so. The option "uiHost" (in a config file) gives the link here.'
      : `\nLook at it, in a minute or so: ${url}`,
  );
  return 0;
}

/** Why the span was not delivered; `undefined` when it was. */
function exportSpan(exporter: PostHogLLMSpanExporter, span: ReadableSpanLike): Promise<string | undefined> {
  return new Promise((resolve) => {
    exporter.export([span], ({ code, error }) => {
      resolve(code === 0 ? undefined : (error?.message ?? 'no reason given'));
    });
  });
}

/** Id of the trace of an event. */
function traceIdOf(event: Readonly<Record<string, unknown>> | undefined): string {
  const properties = (event?.['properties'] ?? {}) as Readonly<Record<string, unknown>>;
  return String(properties['$ai_trace_id'] ?? '');
}
