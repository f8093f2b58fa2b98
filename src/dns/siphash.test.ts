import { expect, test } from 'vitest'
import { hex, toHex } from '../wire/hex.ts'
import { siphash } from './siphash.ts'

const key = hex('000102030405060708090a0b0c0d0e0f')
const counting = (length: number) => Uint8Array.from({ length }, (_, i) => i)

// The vectors that its authors published with SipHash: octets 00 01 02 ... of each length.
test.each([
  [0, '310e0edd47db6f72'],
  [1, 'fd67dc93c539f874'],
  [7, '37d1018bf50002ab'],
  [8, '6224939a79f5f593'],
  [15, 'e545be4961ca29a1'],
  [16, 'db9bc2577fcc2a3f'],
])('SipHash-2-4 of %i octets', (length, result) => {
  expect(toHex(siphash(key, counting(length)))).toBe(result)
})
