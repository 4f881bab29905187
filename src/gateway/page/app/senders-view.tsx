import type { About } from '../api-answers.ts';
import type { Api } from './api.ts';
import { type Column, ColumnHeads } from './column-heads.tsx';
import { ago, count, NOTHING } from './format.ts';
import { useAnswer } from './use-answer.ts';

const ASK_EVERY_MS = 2_000;

const COLUMNS: readonly Column[] = [
  { label: 'Sender' },
  { label: 'Last seen' },
  { label: 'By' },
  { label: 'Spans', class: 'number' },
  { label: 'Log records', class: 'number' },
  { label: 'Refused', class: 'number', title: 'There was no room; the sender sends them again' },
  { label: 'Unreadable', class: 'number', title: 'Without ids' },
  { label: 'Unmatched', class: 'number', title: 'No destination is meant to get them' },
  { label: 'Tests', class: 'number', title: "OpenRouter's own tests" },
];

interface SendersViewProps {
  readonly api: Api;
  readonly about: About | undefined;
}

/** Who sends, and what of it could not be used. */
export function SendersView({ api, about }: SendersViewProps) {
  const answer = useAnswer(() => api.senders(), [api], ASK_EVERY_MS);
  if (answer.type === 'waiting') return <p class="nothing">Asking the gateway …</p>;
  if (answer.type === 'failed') return <p class="problem">{answer.message}</p>;
  const { senders, unknownKeys } = answer.value;
  return (
    <section class="card senders" aria-label="Senders">
      <p class="note">
        {about?.http && `OTLP/HTTP and OpenRouter on ${about.http.host}:${about.http.port}`}
        {about?.grpc && `, OTLP/gRPC on ${about.grpc.host}:${about.grpc.port}`}
        {about?.isTls && ', over TLS'}
      </p>
      {unknownKeys > 0 && (
        <p class="problem">
          {count(unknownKeys)} {unknownKeys === 1 ? 'request' : 'requests'} refused: no sender has the key
          that came with it.
        </p>
      )}
      {senders.length === 0 ? (
        <p class="nothing">Nobody has sent anything yet.</p>
      ) : (
        <div class="table-frame">
          <table class="plain">
            <ColumnHeads columns={COLUMNS} />
            <tbody>
              {senders.map((sender) => (
                <tr key={sender.name}>
                  <th scope="row">{sender.name || 'anybody on this machine'}</th>
                  <td>{sender.lastSeen ? ago(sender.lastSeen, Date.now()) : 'never'}</td>
                  <td>{sender.transports.join(', ') || NOTHING}</td>
                  <td class="number">{count(sender.spans)}</td>
                  <td class="number">{count(sender.logRecords)}</td>
                  <td class="number">{count(sender.refusedSpans)}</td>
                  <td class="number">{count(sender.unreadableSpans)}</td>
                  <td class="number">{count(sender.unmatchedSpans)}</td>
                  <td class="number">{count(sender.testSpans)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
