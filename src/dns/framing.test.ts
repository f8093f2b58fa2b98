import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hex, toHex } from '../wire/hex.ts'
import { framed, MAX_FRAMED, Unframer } from './framing.ts'

const taken = (unframer: Unframer, octets: Uint8Array) => unframer.push(octets).map(one => toHex(one))

// RFC 1035 §4.2.2: the length in two octets, the higher one first.
test('a message has its length before it', () => {
  expect(toHex(framed(hex('aabbcc')))).toBe('0003aabbcc')
  expect(toHex(framed(new Uint8Array(0)))).toBe('0000')
  expect(framed(new Uint8Array(MAX_FRAMED)).subarray(0, 2)).toEqual(hex('ffff'))
})

describe('messages are taken out of a stream', () => {
  test('several at once', () => {
    expect(taken(new Unframer(), hex('0001aa 0002bbcc'))).toEqual(['aa', 'bbcc'])
  })

  test('two and a half, then the rest', () => {
    const unframer = new Unframer()
    expect(taken(unframer, hex('0001aa 0002bbcc 0003dd'))).toEqual(['aa', 'bbcc'])
    expect(unframer.pending).toBe(3)
    expect(taken(unframer, hex('eeff'))).toEqual(['ddeeff'])
    expect(unframer.pending).toBe(0)
  })

  test('each octet alone', () => {
    const unframer = new Unframer()
    const all = [...hex('0003aabbcc')].map(octet => taken(unframer, Uint8Array.of(octet)))
    expect(all).toEqual([[], [], [], [], ['aabbcc']])
  })

  test('ones of no octets', () => {
    expect(taken(new Unframer(), hex('0000 0001aa 0000'))).toEqual(['', 'aa', ''])
  })

  test('the longest there is', () => {
    const unframer = new Unframer()
    const octets = framed(new Uint8Array(MAX_FRAMED).fill(7))
    expect(unframer.push(octets.subarray(0, 40_000))).toEqual([])
    expect(unframer.push(octets.subarray(40_000)).map(({ length }) => length)).toEqual([MAX_FRAMED])
  })

  test('wherever it is cut', () => {
    const message = fc.uint8Array({ maxLength: 40 })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), fc.array(fc.nat({ max: 9 })), (messages, sizes) => {
        const stream = Buffer.concat(messages.map(framed))
        const unframer = new Unframer()
        const given: string[] = []
        let at = 0
        for (const size of [...sizes, stream.length]) {
          given.push(...taken(unframer, Uint8Array.from(stream.subarray(at, at + size))))
          at += size
        }
        expect(given).toEqual(messages.map(one => toHex(one)))
        expect(unframer.pending).toBe(0)
      }),
      { seed: 7766 },
    )
  })
})
