/** Spans on their way through a lane. */
export interface LaneTaking {
  /** Resolves when they are safe on disk or have their fate. */
  readonly stored: Promise<LaneResult>;
  /** Resolves when they have their fate. */
  readonly done: Promise<LaneResult>;
}

/**
 * `passing`: some were lost for a reason that may pass, so that the sender should send them again. `lost`: some were lost,
 * and would be again.
 */
export type LaneResult = 'fine' | 'passing' | 'lost';
