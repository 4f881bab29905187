import { useState } from 'preact/hooks';
import type { DestinationAnswer, NotReloaded } from '../api-answers.ts';
import type { Api } from './api.ts';
import { ago, bytes, count } from './format.ts';
import { messageOf, useAnswer } from './use-answer.ts';

const ASK_EVERY_MS = 2_000;

/** Each PostHog project: how it is, what became of what it was given, and whether it can be reached. */
export function DestinationsView({ api, isDev }: { readonly api: Api; readonly isDev: boolean }) {
  const answer = useAnswer(() => api.destinations(), [api], ASK_EVERY_MS);
  if (answer.type === 'waiting') return <p class="nothing">Asking the gateway …</p>;
  if (answer.type === 'failed') return <p class="problem">{answer.message}</p>;
  const { destinations, notReloaded } = answer.value;
  return (
    <div class="cards">
      {notReloaded && <ReloadProblem {...notReloaded} />}
      {destinations.map((destination) => (
        <Destination key={destination.name} api={api} destination={destination} isDev={isDev} />
      ))}
    </div>
  );
}

/** The file was changed, and what it says is not in force. */
function ReloadProblem({ at, messages }: NotReloaded) {
  return (
    <section class="card reload" role="alert">
      <header>
        <h2>The file was not reloaded</h2>
        <span class="note">{ago(at, Date.now())}</span>
      </header>
      {messages.map((message) => (
        <p key={message} class="problem">
          {message}
        </p>
      ))}
      <p class="note">The destinations below go on as they were. Mend the file and send SIGHUP again.</p>
    </section>
  );
}

interface DestinationProps {
  readonly api: Api;
  readonly destination: DestinationAnswer;
  readonly isDev: boolean;
}

function Destination({ api, destination, isDev }: DestinationProps) {
  const { name, state, since, message, endpoint, privacyMode, stats } = destination;
  return (
    <article class="card destination" aria-label={`Destination ${name}`}>
      <header>
        <h2>{name}</h2>
        <span class={`pill health ${state}`}>{state}</span>
        {privacyMode && <span class="pill">private</span>}
      </header>
      <p class="endpoint">
        {isDev ? 'sends nowhere; events are made and shown, as PostHog would get them' : endpoint}
      </p>
      {message !== undefined && (
        <p class="problem">
          {message}
          {since !== undefined && <span class="because"> since {ago(since, Date.now())}</span>}
        </p>
      )}
      <StatsOf stats={stats} isDev={isDev} />
      <Dropped reasons={stats.droppedByReason} />
      {!isDev && <Tests api={api} name={name} />}
    </article>
  );
}

function StatsOf({ stats, isDev }: Pick<DestinationProps, 'isDev'> & Pick<DestinationAnswer, 'stats'>) {
  const figures: readonly (readonly [string, string, string])[] = [
    ['Given', count(stats.seen), 'Spans that were given to this destination'],
    [
      isDev ? 'Events' : 'Delivered',
      count(stats.delivered),
      isDev ? 'What PostHog would get' : 'What PostHog took',
    ],
    ['Not AI', count(stats.filtered), 'Spans that have nothing to do with AI'],
    ['Left out', count(stats.sampledOut), 'By sampling, rules or filter'],
    ['Dropped', count(stats.dropped), 'Lost'],
    ['On their way', count(stats.inFlight), 'In memory'],
    ...(stats.spool
      ? [
          [
            'On disk',
            `${count(stats.spooled)} (${bytes(stats.spool.bytes)})`,
            `${stats.spool.files} files`,
          ] as const,
        ]
      : []),
  ];
  return (
    <dl class="figures">
      {figures.map(([name, value, title]) => (
        <div key={name} title={title}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Dropped({ reasons }: { readonly reasons: DestinationAnswer['stats']['droppedByReason'] }) {
  const entries = Object.entries(reasons).filter(([, value]) => value);
  if (entries.length === 0) return null;
  return (
    <p class="dropped">
      Dropped:{' '}
      {entries.map(([reason, value]) => (
        <span key={reason} class="tag error">
          {reason} {value}
        </span>
      ))}
    </p>
  );
}

type Outcome = { readonly isGood: boolean; readonly text: string };

/** The buttons and what came of the one that was pressed last. */
function Tests({ api, name }: { readonly api: Api; readonly name: string }) {
  const [running, setRunning] = useState<'test' | 'send'>();
  const [outcome, setOutcome] = useState<Outcome>();
  const run = (which: 'test' | 'send', ask: () => Promise<Outcome>) => async (): Promise<void> => {
    setRunning(which);
    setOutcome(undefined);
    setOutcome(await ask().catch((error: unknown) => ({ isGood: false, text: messageOf(error) })));
    setRunning(undefined);
  };
  const test = run('test', async () => {
    const { status, message, fix } = await api.test(name);
    return { isGood: status === 'ok', text: status === 'ok' ? message : `${message} ${fix}` };
  });
  const send = run('send', async () => {
    const { isTaken, traceId, losses } = await api.sendTest(name);
    const reasons = losses.map(({ reason }) => reason).join(', ');
    return isTaken
      ? { isGood: true, text: `Taken: one generation in the trace ${traceId}.` }
      : { isGood: false, text: `Not taken: ${reasons}.` };
  });
  return (
    <footer>
      <button type="button" disabled={running !== undefined} onClick={test}>
        {running === 'test' ? 'Testing …' : 'Test connection'}
      </button>
      <button type="button" disabled={running !== undefined} onClick={send}>
        {running === 'send' ? 'Sending …' : 'Send a test trace'}
      </button>
      <p class={outcome?.isGood ? 'outcome good' : 'outcome problem'} role="status">
        {outcome?.text}
      </p>
    </footer>
  );
}
