/** Octets of a slab: as many as Node has in the one that its small buffers come from. */
const SLAB = 8192

let slab = new ArrayBuffer(SLAB)
let used = 0

/**
 * The first octets of others, in memory of their own. Short ones share a slab of memory, as buffers of Node do: to have
 * some for each costs more than to fill it. That goes for the shortest too: the engine keeps those on its heap at first,
 * and has to move them out of it as soon as they are to be sent.
 */
export function copied(octets: Uint8Array, length: number): Uint8Array {
  if (length > SLAB / 2) return octets.slice(0, length)
  if (used + length > SLAB) {
    slab = new ArrayBuffer(SLAB)
    used = 0
  }
  const copy = new Uint8Array(slab, used, length)
  copy.set(octets.subarray(0, length))
  used += length
  return copy
}
