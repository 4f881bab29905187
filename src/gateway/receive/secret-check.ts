import { createHash, timingSafeEqual } from 'node:crypto';

/** A comparison with a secret that takes the same time whatever is compared with it, and does not keep the secret. */
export function secretCheck(secret: string): (candidate: string) => boolean {
  const wanted = digestOf(secret);
  return (candidate) => timingSafeEqual(digestOf(candidate), wanted);
}

/** Texts of any length become 32 bytes, which can be compared in constant time. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
