import { useState } from 'preact/hooks';
import type {
  AttributeExplanation,
  Origin,
  PropertyExplanation,
  SpanExplanation,
} from '../../../explain/explanation.ts';
import { type Column, ColumnHeads } from './column-heads.tsx';

/** Which dialect claimed the span, where each property comes from, and what was not used. */
export function ExplanationView({ explanation }: { readonly explanation: SpanExplanation | undefined }) {
  if (!explanation) {
    return <p class="nothing">The gateway no longer holds the span of this event, or it comes from none.</p>;
  }
  const { properties, privacy, trimmed, attributes } = explanation;
  const unused = attributes.filter(({ fate }) => fate !== 'used' && fate !== 'consulted');
  return (
    <div class="why">
      <HowRead explanation={explanation} />
      <Properties properties={properties} />
      {(privacy.length > 0 || trimmed.length > 0) && (
        <section>
          <h3>Changed before it was sent</h3>
          <ul class="changes">
            {privacy.map(({ property, action }) => (
              <li key={`${property} ${action}`}>
                <code>{property}</code> {action}
              </li>
            ))}
            {trimmed.map((trim) => (
              <li key={JSON.stringify(trim)}>
                <code>{trim.property}</code> {trim.action}
              </li>
            ))}
          </ul>
        </section>
      )}
      <Unused attributes={unused} total={attributes.length} />
    </div>
  );
}

function HowRead({ explanation }: { readonly explanation: SpanExplanation }) {
  const { span, dialects, kind, outcome, notes } = explanation;
  const [claimed, ...others] = dialects;
  return (
    <section>
      <h3>How the span was read</h3>
      <dl class="facts">
        <dt>Dialect</dt>
        <dd>
          {claimed ? (
            <>
              <strong>{claimed.title}</strong> <Because reasons={claimed.because} />
            </>
          ) : (
            'none recognises it'
          )}
        </dd>
        {others.length > 0 && (
          <>
            <dt>Also</dt>
            <dd>{others.map(({ title }) => title).join(', ')}</dd>
          </>
        )}
        <dt>Instrumentation</dt>
        <dd>
          <code>{span.scope.name || 'unnamed'}</code> {span.scope.version}
        </dd>
        {kind && (
          <>
            <dt>Kind</dt>
            <dd>
              <strong>{kind.kind}</strong> <span class="because">{kind.because}</span>
            </dd>
          </>
        )}
        {outcome.type !== 'sent' && (
          <>
            <dt>Outcome</dt>
            <dd>
              <strong>{outcome.type}</strong> <span class="because">{outcome.because}</span>
            </dd>
          </>
        )}
      </dl>
      {notes.map((note) => (
        <p key={note} class="hint">
          {note}
        </p>
      ))}
    </section>
  );
}

function Because({ reasons }: { readonly reasons: readonly string[] }) {
  return <span class="because">by {reasons.slice(0, 3).join(', ')}</span>;
}

const PROPERTY_COLUMNS: readonly Column[] = [{ label: 'Property' }, { label: 'Value' }, { label: 'From' }];

const UNUSED_COLUMNS: readonly Column[] = [{ label: 'Attribute' }, { label: 'Why' }];

function Properties({ properties }: { readonly properties: readonly PropertyExplanation[] }) {
  return (
    <section>
      <h3>Where each property comes from</h3>
      <table class="plain properties">
        <ColumnHeads columns={PROPERTY_COLUMNS} />
        <tbody>
          {properties.map((property) => (
            <tr key={property.property}>
              <th scope="row">
                <code>{property.property}</code>
              </th>
              <td>
                <Value property={property} />
              </td>
              <td>
                {property.from.map((origin) => (
                  <From key={`${origin.from} ${origin.name} ${origin.dialect}`} origin={origin} />
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const MAX_VALUE_CHARACTERS = 160;

function Value({ property: { value, hiddenCharacters } }: { readonly property: PropertyExplanation }) {
  const [isWhole, setWhole] = useState(false);
  if (hiddenCharacters !== undefined)
    return <span class="note">{hiddenCharacters} characters, not shown</span>;
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  if (text.length <= MAX_VALUE_CHARACTERS || isWhole) return <span class="value">{text}</span>;
  return (
    <span class="value">
      {text.slice(0, MAX_VALUE_CHARACTERS)}…{' '}
      <button type="button" class="link" onClick={() => setWhole(true)}>
        all {text.length} characters
      </button>
    </span>
  );
}

function From({ origin: { from, name, dialect, with: others = [] } }: { readonly origin: Origin }) {
  const isCode = from === 'attribute' || from === 'prefix' || from === 'resource';
  return (
    <div class="from">
      <span class="tag">{from}</span> {isCode ? <code>{name}</code> : <span>{name}</span>}
      {dialect !== undefined && <span class="because"> rule of {dialect}</span>}
      {others.length > 0 && <span class="because"> with {others.join(', ')}</span>}
    </div>
  );
}

interface UnusedProps {
  readonly attributes: readonly AttributeExplanation[];
  readonly total: number;
}

function Unused({ attributes, total }: UnusedProps) {
  return (
    <section>
      <h3>
        Attributes that were not used{' '}
        <span class="note">
          {attributes.length} of {total}
        </span>
      </h3>
      {attributes.length === 0 ? (
        <p class="note">Every attribute of the span was used.</p>
      ) : (
        <table class="plain">
          <ColumnHeads columns={UNUSED_COLUMNS} />
          <tbody>
            {attributes.map(({ name, fate, because }) => (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td>
                  <span class="tag">{fate}</span> <span class="because">{because}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
