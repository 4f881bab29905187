import type { PostHogLLMEvent } from '../../config/options.ts';
import type { ConnectionResult } from '../../deliver/connection/connection-result.ts';
import type { PipelineSettings } from '../../pipeline/assemble-delivery.ts';
import { createPipeline } from '../../pipeline/pipeline.ts';
import { createSharedReads } from '../../translate/reading/shared-reads.ts';
import { createLane, type Lane, type LaneConfig } from './lane.ts';
import { isDefinitelyWrong, type LaneHealth, laneHealth } from './lane-health.ts';

/** A destination that was tested. */
export interface Tested {
  readonly result: ConnectionResult;
  readonly atMs: number;
}

/** The destinations in force. */
export interface Lanes {
  current(): readonly Lane[];
  /** Asks PostHog whether key and endpoint of a destination are right, and remembers the answer. */
  test(name: string): Promise<ConnectionResult | undefined>;
  health(): LaneHealth[];
  /** What is answered to a sender that tests its connection; `undefined` unless all destinations are refused. */
  troubleOf(lanes: readonly Lane[]): string | undefined;
  /**
   * Puts other destinations in force, if each that is new or changed passes its test. Those that go deliver or spool what
   * they have first.
   */
  replace(configs: readonly LaneConfig[]): Promise<Replaced>;
  /** Ends all of them, also those that are not in force any more, within the time that their options say. */
  shutdown(): Promise<void>;
}

export interface FailedTest {
  readonly name: string;
  readonly result: ConnectionResult;
}

/** What came of a change of the destinations. `ending`: it came too late, and nothing was changed. */
export type Replaced =
  | { readonly type: 'in-force' }
  | { readonly type: 'failed'; readonly failed: readonly FailedTest[] }
  | { readonly type: 'ending' };

export interface LanesOptions {
  /** Memory for spans on their way, shared between the destinations. */
  readonly maxInFlightBytes: number;
  /** Senders repeat a whole request when one of its destinations failed. */
  readonly skipsDelivered: boolean;
  /** Traces that each destination remembers. */
  readonly maxTraces?: number | undefined;
  /** Which side records calls through OpenRouter. */
  readonly countFrom?: PipelineSettings['countFrom'];
  /** Gives a listener that learns of an event as it is sent, or none while no page is open; asked for each event. */
  readonly listener?: ((destination: string) => ((event: PostHogLLMEvent) => void) | undefined) | undefined;
}

export function createLanes(
  configs: readonly LaneConfig[],
  { maxInFlightBytes, skipsDelivered, maxTraces, countFrom, listener }: LanesOptions,
): Lanes {
  const tests = new Map<string, Tested>();
  const sharedReads = createSharedReads();
  const make = (config: LaneConfig, count: number): Lane => {
    const { name } = config;
    const watched = Object.defineProperty({ ...config.config }, 'onEvent', { get: () => listener?.(name) });
    return createLane(
      config,
      createPipeline(watched, { skipsDelivered, maxTraces, countFrom, sharedReads, isAwaited: true }),
      maxInFlightBytes / count,
    );
  };
  let replacing: Promise<unknown> = Promise.resolve();
  /** The end of those that a replacement put out of force. */
  let retired: Promise<unknown> = Promise.resolve();
  let isEnded = false;
  let lanes: readonly Lane[] = configs.map((config) => make(config, configs.length));

  const testLane = async (lane: Lane): Promise<ConnectionResult> => {
    const result = await lane.pipeline.testConnection();
    tests.set(lane.name, { result, atMs: Date.now() });
    return result;
  };

  const replaceNow = async (next: readonly LaneConfig[]): Promise<Replaced> => {
    const kept = new Map(lanes.map((lane) => [lane.fingerprint, lane]));
    const prepared = next.map((config) => ({
      lane: kept.get(config.fingerprint) ?? make(config, next.length),
      isNew: !kept.has(config.fingerprint),
    }));
    const fresh = prepared.filter(({ isNew }) => isNew).map(({ lane }) => lane);
    const results = await Promise.all(
      fresh.map(async (lane) => ({ name: lane.name, lane, result: await lane.pipeline.testConnection() })),
    );
    const failed = results.filter(({ result }) => result.status !== 'ok');
    if (failed.length > 0 || isEnded) {
      await Promise.all(fresh.map((lane) => lane.shutdown()));
      return isEnded
        ? { type: 'ending' }
        : { type: 'failed', failed: failed.map(({ name, result }) => ({ name, result })) };
    }
    for (const { name, result } of results) tests.set(name, { result, atMs: Date.now() });
    const before = lanes;
    lanes = prepared.map(({ lane }) => lane);
    retired = Promise.all(before.filter((lane) => !lanes.includes(lane)).map((lane) => lane.shutdown()));
    await retired;
    return { type: 'in-force' };
  };

  return {
    current: () => lanes,
    test: async (name) => {
      const lane = lanes.find((each) => each.name === name);
      return lane && testLane(lane);
    },
    health: () => lanes.map((lane) => laneHealth(lane, tests.get(lane.name))),
    troubleOf: (asked) => {
      const states = asked.map((lane) => laneHealth(lane, tests.get(lane.name)));
      const isAllRefused = states.length > 0 && states.every(({ state }) => state === 'refused');
      return isAllRefused ? states.map(({ name, message }) => `${name}: ${message}`).join(' ') : undefined;
    },
    replace(next) {
      const replaced = replacing.then(() => replaceNow(next));
      replacing = replaced;
      return replaced;
    },
    async shutdown() {
      isEnded = true;
      await Promise.all([retired, ...lanes.map((lane) => lane.shutdown())]);
    },
  };
}

/** Tests all destinations. @returns those of which a test says for sure that key or endpoint is wrong */
export async function testAll(lanes: Lanes): Promise<readonly FailedTest[]> {
  const results = await Promise.all(
    lanes.current().map(async ({ name }) => ({ name, result: await lanes.test(name) })),
  );
  return results.flatMap(({ name, result }) =>
    result && isDefinitelyWrong(result) ? [{ name, result }] : [],
  );
}

/** A finding in words, with what to do. */
export function sayFailedTest({ name, result }: FailedTest): string {
  return `${name}: ${result.message} ${result.fix}`;
}
