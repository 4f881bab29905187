import { describe, expect, it } from 'vitest';
import { ANOTHER_RECORD } from '../../src/explain/explain-properties.ts';
import type { SpanExplanation } from '../../src/explain/explanation.ts';
import { renderExplanations } from '../../src/explain/render.ts';
import { PROPERTY_TABLE } from '../../src/translate/event/property-table.ts';
import { registryIndex } from '../../src/translate/reading/registry-index.ts';
import { readSpans, translate } from '../corpus/pipeline.ts';
import { listFolders, type Recording, readRecordings } from '../corpus/recordings.ts';
import { readExchange } from '../corpus/truth/read-exchange.ts';
import { explainWith } from '../support/explain-with.ts';

/** Facts that decide about a span or are part of another fact, and are no property themselves. */
const WITHOUT_PROPERTY = [
  'operation',
  'privacyRequested',
  'toolCallId',
  'workflowName',
  'metadata',
  'tags',
  'ownProperties',
  'isStreamAnswer',
  'isUsageRecord',
  'isHalfOfCall',
  'isProcessRoot',
  'durationSeconds',
];

/** Spoken texts long enough not to be anything else by chance. */
function textsOf({ exchanges }: Recording): string[] {
  return exchanges
    .map(readExchange)
    .flatMap(({ input, output }) => [...input, ...output.flat()])
    .flatMap((item) => ('text' in item && item.text.length > 15 ? [item.text] : []));
}

function sentEvents(explanations: readonly SpanExplanation[]): unknown[] {
  return explanations.flatMap(({ outcome, properties }) =>
    outcome.type === 'filtered'
      ? []
      : [
          {
            event: outcome.event,
            uuid: outcome.uuid,
            properties: Object.fromEntries(properties.map(({ property, value }) => [property, value])),
          },
        ],
  );
}

describe.each(listFolders())('every span of %s', (folder) => {
  const recordings = readRecordings(folder);

  it('is explained as it is sent', () => {
    for (const recording of recordings) {
      const spans = readSpans(recording);
      const explanations = explainWith(spans, { showContent: true });
      expect(explanations.map(({ span }) => span.spanId)).toEqual(spans.map(({ spanId }) => spanId));
      const sent = translate([spans]).map(({ event: { event, uuid, properties } }) => ({
        event,
        uuid,
        properties,
      }));
      expect(JSON.parse(JSON.stringify(sentEvents(explanations)))).toEqual(sent);
    }
  });

  it('has a fate for each attribute and an origin for each property', () => {
    for (const recording of recordings) {
      const spans = readSpans(recording);
      const explanations = explainWith(spans);
      const names = explanations.map(({ attributes }) => attributes.map(({ name }) => name));
      expect(names).toEqual(spans.map(({ attributes }) => Object.keys(attributes)));
      const homeless = explanations.flatMap(({ properties }) =>
        properties.filter(({ from }) => from.length === 0),
      );
      expect(homeless).toEqual([]);
    }
  });

  it('keeps its content to itself unless asked', () => {
    for (const recording of recordings) {
      const explanations = explainWith(readSpans(recording));
      const shown = JSON.stringify(explanations) + renderExplanations(explanations);
      const told = textsOf(recording).filter((text) => shown.includes(JSON.stringify(text).slice(1, -1)));
      expect(told).toEqual([]);
    }
  });
});

describe('the table of properties', () => {
  const facts = PROPERTY_TABLE.flatMap((row) => row.facts);

  it('names facts that dialects supply', () => {
    const known: ReadonlySet<string> = new Set(registryIndex().slots.keys());
    expect(facts.filter((fact) => !known.has(fact))).toEqual([]);
  });

  it('has a place for every fact', () => {
    const homeless = [...registryIndex().slots.keys()].filter(
      (fact) => !facts.includes(fact) && !WITHOUT_PROPERTY.includes(fact),
    );
    expect(homeless).toEqual([]);
  });

  it('names the true origin', () => {
    for (const recording of listFolders().flatMap(readRecordings)) {
      const explanations = explainWith(readSpans(recording));
      const counted = explanations.map(({ outcome }) =>
        outcome.type === 'demoted' ? outcome.countedOn : undefined,
      );
      // A second record that is alone in its trace is left out, and so is what it would be told to be counted on.
      const isRedundant = explanations.some(
        ({ outcome }) => outcome.type === 'filtered' && /alone in its trace/.test(outcome.because),
      );
      if (isRedundant) continue;
      const unexplained = explanations.flatMap(({ span, properties }) =>
        properties
          .filter(
            ({ from }) => from.some(({ name }) => name === ANOTHER_RECORD) && !counted.includes(span.spanId),
          )
          .map(({ property }) => `${recording.name}: ${property}`),
      );
      expect(unexplained).toEqual([]);
    }
  });
});
