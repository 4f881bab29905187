import { useState } from 'preact/hooks';
import type { RecentCall } from '../../observe/recent-calls.ts';
import type { CallAnswer } from '../api-answers.ts';
import type { Api } from './api.ts';
import type { Row } from './call-list.ts';
import { Fate, KindTag } from './call-table.tsx';
import { Conversation } from './conversation.tsx';
import { CopyButton } from './copy-button.tsx';
import { EventJson } from './event-json.tsx';
import { ExplanationView } from './explanation-view.tsx';
import { count, NOTHING, seconds, timeOfDay, usd } from './format.ts';
import { Tabs } from './tabs.tsx';
import { TraceView } from './trace-view.tsx';
import { useAnswer } from './use-answer.ts';

interface CallDetailProps {
  readonly api: Api;
  readonly row: Row;
  /** All rows, to go from span to span. */
  readonly rows: readonly Row[];
  readonly content: boolean;
  readonly onChoose: (key: string) => void;
  readonly onClose: () => void;
}

const TABS = [
  { id: 'conversation', label: 'Conversation' },
  { id: 'event', label: 'Event' },
  { id: 'why', label: 'Why' },
  { id: 'trace', label: 'Trace' },
] as const;

type TabId = (typeof TABS)[number]['id'];

/** Kept from call to call. */
let lastTab: TabId = 'conversation';

/** One call: what is sent, and why, and what it is part of. */
export function CallDetail({ api, row, rows, content, onChoose, onClose }: CallDetailProps) {
  const [tab, setTab] = useState<TabId>(lastTab);
  const [destination, setDestination] = useState(row.calls[0].destination);
  const call = row.calls.find((one) => one.destination === destination) ?? row.calls[0];
  const answer = useAnswer(() => api.call(call.id), [api, call.id, call.fate]);
  const chooseTab = (id: TabId): void => {
    lastTab = id;
    setTab(id);
  };
  const spans = <TraceView api={api} call={call} rows={rows} content={content} onChoose={onChoose} />;
  return (
    <section class="detail" aria-label="Call">
      <header>
        <div class="title">
          <KindTag event={call.event} />
          <h2 title={call.name}>{call.name || call.event}</h2>
          {call.isError && <span class="tag error">failed</span>}
          <CloseButton onClose={onClose} />
        </div>
        <p class="origin">
          {[timeOfDay(call.at), call.service, call.sender, call.provider].filter(Boolean).join(' · ')}
        </p>
        <Figures call={call} />
        <Destinations calls={row.calls} chosen={call.destination} onChoose={setDestination} />
      </header>
      <Tabs label="About this call" tabs={TABS} chosen={tab} onChoose={chooseTab}>
        {tab === 'trace' ? (
          spans
        ) : answer.type === 'waiting' ? (
          <p class="nothing">Asking the gateway …</p>
        ) : answer.type === 'failed' ? (
          <p class="problem">{answer.message}</p>
        ) : answer.value === undefined ? (
          <NotHeld />
        ) : (
          <OneTab tab={tab} answer={answer.value} content={content} />
        )}
      </Tabs>
    </section>
  );
}

export function CloseButton({ onClose }: { readonly onClose: () => void }) {
  return (
    <button type="button" class="close" aria-label="Close" title="Close (Escape)" onClick={onClose}>
      ✕
    </button>
  );
}

interface OneTabProps {
  readonly tab: Exclude<TabId, 'trace'>;
  readonly answer: CallAnswer;
  readonly content: boolean;
}

function OneTab({ tab, answer, content }: OneTabProps) {
  switch (tab) {
    case 'conversation':
      return <Conversation event={answer.event} content={content} />;
    case 'event':
      return <EventJson event={answer.event} postHogUrl={answer.postHogUrl} content={content} />;
    case 'why':
      return <ExplanationView explanation={answer.explanation} />;
  }
}

function Figures({ call }: { readonly call: RecentCall }) {
  const figures = [
    ['Model', call.model || NOTHING],
    ['Input', `${count(call.inputTokens)}`],
    ['Output', `${count(call.outputTokens)}`],
    ['Cost', usd(call.costUsd)],
    ['Latency', seconds(call.latencySeconds)],
  ];
  return (
    <dl class="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd title={value}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface DestinationsProps {
  readonly calls: Row['calls'];
  readonly chosen: string;
  readonly onChoose: (destination: string) => void;
}

/** Each destination gets an event of its own, by its own rules. A link to the call is a link for all of them. */
function Destinations({ calls, chosen, onChoose }: DestinationsProps) {
  return (
    <div class="destinations-of-call">
      {calls.map(({ destination, fate }) => (
        <button
          key={destination}
          type="button"
          aria-pressed={calls.length > 1 ? destination === chosen : undefined}
          onClick={() => onChoose(destination)}
          disabled={calls.length === 1}
        >
          <span>{destination}</span>
          <Fate fate={fate} destination={undefined} />
        </button>
      ))}
      <CopyButton label="Copy link" text={() => location.href} />
    </div>
  );
}

export function NotHeld() {
  return (
    <p class="nothing">The gateway no longer holds this call. It keeps the newest events, in memory only.</p>
  );
}
