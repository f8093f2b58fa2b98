/** What is made at once, and what is made of it. */
const SLAB = 1 << 16
const MOST = SLAB >> 3
/** V8 has up to so many octets in its own heap; more are ten times as dear to make. */
export const IN_HEAP = 64
/** No octets at all. */
export const NOTHING = new Uint8Array(0)

let slab = new Uint8Array(SLAB)
let used = 0

/**
 * So many zeros, as `new Uint8Array` gives them but cheaper: they may be a part of a larger buffer, in which nobody else
 * has this part. What is kept for long should be copied, or it keeps all of the buffer.
 */
export function newOctets(length: number): Uint8Array {
  if (length <= IN_HEAP || length > MOST) return new Uint8Array(length)
  if (used + length > SLAB) {
    slab = new Uint8Array(SLAB)
    used = 0
  }
  const octets = slab.subarray(used, used + length)
  // As aligned as a buffer of its own would be.
  used = (used + length + 7) & ~7
  return octets
}
