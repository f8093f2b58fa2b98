/** Octets as what stands in JSON. */
export function base64(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64')
}

/** The octets that `base64` made a text of. */
export function octetsOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64'))
}
