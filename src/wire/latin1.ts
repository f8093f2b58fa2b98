/** Up to here copying octets is faster than making the view that a string can be made from at once. */
const SHORT = 128
const scratch = Buffer.alloc(SHORT)

/** The string of which each character is one of these octets (Latin-1). */
export function latin1Of(octets: Uint8Array, start = 0, end = octets.length): string {
  const length = end - start
  if (length > SHORT) return Buffer.from(octets.buffer, octets.byteOffset + start, length).toString('latin1')
  for (let i = 0; i < length; i++) scratch[i] = octets[start + i] as number
  return scratch.toString('latin1', 0, length)
}
