import { useEffect, useMemo, useState } from 'preact/hooks';
import type { About } from '../api-answers.ts';
import { createApi } from './api.ts';
import type { StreamState } from './call-stream.ts';
import { CallsView } from './calls-view.tsx';
import { DestinationsView } from './destinations-view.tsx';
import { SendersView } from './senders-view.tsx';
import { TokenForm } from './token-form.tsx';
import { useCalls } from './use-calls.ts';
import { usePlace, VIEWS } from './use-place.ts';

/** Where the token stays while the tab is open. */
const TOKEN_ITEM = 'posthog-llm-exporter.page-token';

export function App() {
  const [token, setToken] = useState(() => sessionStorage.getItem(TOKEN_ITEM) ?? undefined);
  const api = useMemo(() => createApi(token), [token]);
  const [refused, setRefused] = useState<string>();
  const [about, setAbout] = useState<About>();
  const calls = useCalls(api, setRefused);
  const [{ view, call }, goTo] = usePlace();
  const { state } = calls;

  useEffect(() => {
    if (state === 'live') api.about().then(setAbout, () => {});
  }, [api, state]);

  const saveToken = (text: string): void => {
    sessionStorage.setItem(TOKEN_ITEM, text);
    setRefused(undefined);
    setToken(text);
  };
  if (refused !== undefined) return <TokenForm hasToken={token !== undefined} onToken={saveToken} />;
  return (
    <>
      <header class="top">
        <h1>
          <img src="/icon.svg" alt="" width="20" height="20" />
          <span>PostHog LLM exporter</span>
        </h1>
        <nav aria-label="Views">
          {VIEWS.map(({ id, label }) => (
            <a key={id} href={`#${id}`} aria-current={view === id ? 'page' : undefined}>
              {label}
            </a>
          ))}
        </nav>
        {about?.isDev && <span class="note wide-only">Nothing leaves this machine</span>}
        <StreamPill state={calls.list.isPaused ? 'paused' : state} />
      </header>
      <main>
        {view === 'calls' && (
          <CallsView
            api={api}
            calls={calls}
            about={about}
            chosen={call}
            onChoose={(key) => goTo({ view, call: key })}
          />
        )}
        {view === 'destinations' && <DestinationsView api={api} isDev={about?.isDev ?? false} />}
        {view === 'senders' && <SendersView api={api} about={about} />}
      </main>
    </>
  );
}

const STATE_LABELS: Readonly<Record<StreamState | 'paused', string>> = {
  connecting: 'Connecting',
  live: 'Live',
  interrupted: 'No connection',
  paused: 'Paused',
};

function StreamPill({ state }: { readonly state: StreamState | 'paused' }) {
  return (
    <span class={`pill stream ${state}`} role="status">
      {STATE_LABELS[state]}
    </span>
  );
}
