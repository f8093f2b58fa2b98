import { spliced } from './encodings.ts'

/** What a smaller input has to keep: the same signature, the same block. */
export type Keeps = (input: Uint8Array) => boolean | Promise<boolean>

/**
 * A smaller input that keeps what is asked for: parts are cut out, from halves down to single octets, then octets become 0 or
 * as little as may be; until nothing changes. The same input gives the same; the input itself where it does not keep it.
 */
export async function minimise(input: Uint8Array, keeps: Keeps): Promise<Uint8Array> {
  let smallest: Uint8Array = Uint8Array.from(input)
  if (!(await keeps(smallest))) return input
  for (let before: Uint8Array | undefined; before !== smallest; ) {
    before = smallest
    smallest = await cut(smallest, keeps)
    smallest = await calmed(smallest, keeps)
  }
  return smallest
}

async function cut(input: Uint8Array, keeps: Keeps): Promise<Uint8Array> {
  let smallest = input
  for (let size = Math.max(1, input.length >> 1); size >= 1; size >>= 1)
    // From the end: what is behind seldom holds what is in front.
    for (let at = smallest.length - size; at >= 0; at -= size) {
      const shorter = spliced(smallest, at, Math.min(size, smallest.length - at), new Uint8Array(0))
      if (await keeps(shorter)) smallest = shorter
    }
  return smallest
}

async function calmed(input: Uint8Array, keeps: Keeps): Promise<Uint8Array> {
  let smallest = input
  for (const [at, octet] of input.entries()) {
    for (const calmer of [0, 1, 0x30, 0x61, octet >> 1, octet - 1]) {
      if (calmer < 0 || calmer >= (smallest[at] as number)) continue
      const other = Uint8Array.from(smallest)
      other[at] = calmer
      if (!(await keeps(other))) continue
      smallest = other
      break
    }
  }
  return smallest
}
