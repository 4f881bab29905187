/** A share of the memory for requests, given back when what came of the request has left. */
export interface Admitted {
  /** Corrects the share once the size is known; never refuses, since the bytes are there already. */
  resize(bytes: number): void;
  release(): void;
}

/** The memory that requests may take together. */
export interface Admission {
  /** @returns `undefined` when there is no room */
  admit(bytes: number, sender: string): Admitted | undefined;
  readonly heldBytes: number;
  /** Since when there has been no room for another request of middle size; `undefined` while there is. */
  readonly fullSinceMs: number | undefined;
}

/** One sender may hold so much of the whole, so that another finds room. */
const SENDER_SHARE = 0.5;

/** From this part of the whole on the gateway is called full. */
const FULL_SHARE = 0.9;

/**
 * @param nowMs of the monotonic clock
 * @param isShared whether several senders are known; one alone may hold everything
 */
export function createAdmission(maxBytes: number, isShared: boolean, nowMs: () => number): Admission {
  const bySender = new Map<string, number>();
  let heldBytes = 0;
  let fullSinceMs: number | undefined;
  const maxSenderBytes = isShared ? maxBytes * SENDER_SHARE : maxBytes;

  const change = (sender: string, bytes: number): void => {
    heldBytes += bytes;
    const ofSender = (bySender.get(sender) ?? 0) + bytes;
    if (ofSender > 0) bySender.set(sender, ofSender);
    else bySender.delete(sender);
    if (heldBytes < maxBytes * FULL_SHARE) fullSinceMs = undefined;
    else fullSinceMs ??= nowMs();
  };

  return {
    admit(bytes, sender) {
      // An empty gateway takes any request that is within the limit of a body.
      const isFull = heldBytes > 0 && heldBytes + bytes > maxBytes;
      const ofSender = bySender.get(sender) ?? 0;
      const isOverShare = ofSender > 0 && ofSender + bytes > maxSenderBytes;
      if (isFull || isOverShare) {
        fullSinceMs ??= isFull ? nowMs() : undefined;
        return undefined;
      }
      let held = bytes;
      change(sender, held);
      return {
        resize(next) {
          change(sender, next - held);
          held = next;
        },
        release() {
          change(sender, -held);
          held = 0;
        },
      };
    },
    get heldBytes() {
      return heldBytes;
    },
    get fullSinceMs() {
      return fullSinceMs;
    },
  };
}
