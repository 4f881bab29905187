import type { ResolvedConfig } from '../config/resolve-config.ts';
import { withTracingSuppressed } from '../deliver/suppress-tracing.ts';
import { packageName } from '../package-info.ts';
import { EVALUATION_RECORD } from '../translate/event/evaluation-event.ts';
import { writeOtlpJson } from '../translate/span/write-otlp-json.ts';
import { withLogContent } from './log-content/await-log-content.ts';
import { DEFAULT_LOG_CONTENT_LIMITS } from './log-content/held-records.ts';
import { createLogContentStore } from './log-content/log-content-store.ts';
import { createPipeline, type Pipeline } from './pipeline.ts';

/** Set by `posthog-llm-exporter dev` for the command that it runs: where its gateway receives. */
const DEV_ENDPOINT_VARIABLE = 'POSTHOG_LLM_DEV_ENDPOINT';

/** Only this machine: the variable must not be a way to send content elsewhere. */
const LOOPBACK_URL = /^http:\/\/127\.0\.0\.1:\d{1,5}$/;

/**
 * The pipeline of an exporter: by its configuration, but below `dev` one that shows on its page what it is given, and sends
 * nowhere.
 */
export function createPipelineHere(config: ResolvedConfig, env: NodeJS.ProcessEnv): Pipeline {
  const endpoint = devEndpointOf(env);
  if (endpoint === undefined) return createPipeline(config);
  return showInDev(createPipeline(devConfigOf(config, endpoint)), endpoint);
}

function devEndpointOf(env: NodeJS.ProcessEnv): string | undefined {
  const endpoint = env[DEV_ENDPOINT_VARIABLE];
  return endpoint !== undefined && LOOPBACK_URL.test(endpoint) ? endpoint : undefined;
}

/** A configuration that sends nowhere: every request is answered here, as PostHog would, and nothing goes to disk. */
function devConfigOf(config: ResolvedConfig, endpoint: string): ResolvedConfig {
  const dispatcher: ResolvedConfig['dispatcher'] = {
    request: async () => ({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: answer(),
    }),
  };
  return { ...config, endpoint, dispatcher, spool: undefined };
}

async function* answer(): AsyncGenerator<Buffer> {
  yield Buffer.from('{"status":"Ok"}');
}

/** Has all that a pipeline takes shown on the page of `dev` as well, with its log content. Trouble with it is said once. */
function showInDev(pipeline: Pipeline, endpoint: string): Pipeline {
  const logContent = createLogContentStore(DEFAULT_LOG_CONTENT_LIMITS);
  const showing = new Set<Promise<void>>();
  let isSaid = false;
  const show = async (spans: Parameters<Pipeline['take']>[0]): Promise<void> => {
    try {
      const joined = await withLogContent(spans, logContent);
      const body = JSON.stringify(writeOtlpJson(joined.filter((span) => span !== undefined)));
      const headers = { 'content-type': 'application/json' };
      const post = () => fetch(`${endpoint}/v1/traces`, { method: 'POST', headers, body });
      await withTracingSuppressed(post);
    } catch {
      if (!isSaid)
        pipeline.config.logger.warn(`${packageName}: the page of dev cannot be reached at ${endpoint}`);
      isSaid = true;
    }
  };
  const shown = async <T>(result: T): Promise<T> => {
    await Promise.all(showing);
    return result;
  };
  return {
    ...pipeline,
    take(spans, onStored) {
      const posting = spans.length > 0 && pipeline.config.enabled ? show(spans) : Promise.resolve();
      showing.add(posting);
      void posting.finally(() => showing.delete(posting));
      return pipeline.take(spans, onStored).then(shown);
    },
    takeLogRecord(record, origin) {
      if (record.name !== EVALUATION_RECORD && pipeline.config.privacyMode !== true) logContent.hold(record);
      pipeline.takeLogRecord(record, origin);
    },
    flush: (timeoutMs) => pipeline.flush(timeoutMs).then(shown),
    shutdown: () => pipeline.shutdown().then(shown),
  };
}
