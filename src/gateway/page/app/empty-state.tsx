import type { About } from '../api-answers.ts';
import { CopyButton } from './copy-button.tsx';

interface EmptyStateProps {
  readonly about: About | undefined;
  readonly isLive: boolean;
  readonly isCleared: boolean;
}

/** What to do to see a call. */
export function EmptyState({ about, isLive, isCleared }: EmptyStateProps) {
  if (!isLive || !about) return <p class="nothing">Asking the gateway …</p>;
  if (isCleared) return <p class="nothing">Cleared. New calls appear here.</p>;
  const url = about.http && urlOf(about.http, about.isTls);
  return (
    <div class="empty">
      <h2>Waiting for the first call</h2>
      {about.isDev ? (
        <p>
          Calls of models appear here as soon as an application sends its OpenTelemetry spans. You see each
          event as PostHog would get it, and why.
        </p>
      ) : (
        <p>
          Calls appear here from now on, as applications send them. What came before this page was opened is
          not kept.
        </p>
      )}
      {about.isDev && (
        <>
          <Command
            title="Run your application through dev"
            text="npx posthog-llm-exporter dev -- python app.py"
          />
          <Command
            title="A Node application without instrumentation"
            text="npx posthog-llm-exporter dev -- node --import posthog-llm-exporter/register app.js"
          />
        </>
      )}
      {url !== undefined && (
        <Command
          title="Or point one that runs at this address"
          text={`export OTEL_EXPORTER_OTLP_ENDPOINT=${url}\nexport OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`}
        />
      )}
    </div>
  );
}

function urlOf({ host, port }: NonNullable<About['http']>, isTls: boolean): string {
  const name = host === '0.0.0.0' || host === '::' ? location.hostname : host;
  return `${isTls ? 'https' : 'http'}://${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}:${port}`;
}

function Command({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <figure class="command">
      <figcaption>
        {title}
        <CopyButton text={() => text} label="Copy" />
      </figcaption>
      <pre>
        <code>{text}</code>
      </pre>
    </figure>
  );
}
