import { expect, it } from 'vitest'
import { newOctets } from './new-octets.ts'

it('gives zeros that are nobody else’s, of any length', () => {
  const lengths = Array.from({ length: 3000 }, (_, i) => (i * 37) % 700).concat(0, 64, 65, 8192, 8193, 100_000)
  const made = lengths.map(length => {
    const octets = newOctets(length)
    expect(octets.length).toBe(length)
    expect(octets.every(octet => octet === 0)).toBe(true)
    return octets
  })
  for (const [i, octets] of made.entries()) octets.fill(i & 0xff)
  for (const [i, octets] of made.entries()) expect(octets.every(octet => octet === (i & 0xff))).toBe(true)
})

it('aligns them as a buffer of their own would be', () => {
  for (let length = 65; length < 200; length++) expect(newOctets(length).byteOffset % 8).toBe(0)
})
