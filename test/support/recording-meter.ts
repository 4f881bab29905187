import { type Attributes, createNoopMeter, type Meter, type MeterProvider } from '@opentelemetry/api';

export interface RecordingMeter extends MeterProvider {
  /** Sum of what was added or recorded, by instrument and attributes without those of the component. */
  sums(): Record<string, number>;
  /** Attributes of everything that was recorded. */
  readonly attributes: readonly Attributes[];
  readonly units: ReadonlyMap<string, string | undefined>;
}

/** Keeps what is recorded with synchronous instruments. */
export function createRecordingMeter(): RecordingMeter {
  const sums = new Map<string, number>();
  const all: Attributes[] = [];
  const units = new Map<string, string | undefined>();
  const instrument = (kind: string) => (name: string, options?: { readonly unit?: string }) => {
    units.set(`${kind} ${name}`, options?.unit);
    const record = (value: number, attributes: Attributes = {}) => {
      all.push(attributes);
      const own = Object.entries(attributes).filter(([key]) => !/^(otel|server)\./.test(key));
      const key = [name, ...own.map(([attribute, each]) => `${attribute}=${each}`)].join(' ');
      sums.set(key, (sums.get(key) ?? 0) + (kind === 'histogram' ? 1 : value));
    };
    return { add: record, record };
  };
  const meter: Meter = Object.assign(createNoopMeter(), {
    createCounter: instrument('counter'),
    createUpDownCounter: instrument('up-down-counter'),
    createHistogram: instrument('histogram'),
  });
  return { getMeter: () => meter, sums: () => Object.fromEntries(sums), attributes: all, units };
}
