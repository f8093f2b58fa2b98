import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../wire/hex.ts'
import { Reader } from '../wire/reader.ts'
import { decode, encode } from '../wire/whole.ts'
import { type Frame, FrameReader, flagsNames, frame, frameTypeName } from './frame.ts'

const seed = 9113

function framesOf(octets: Uint8Array): Frame[] {
  const reader = new Reader(octets)
  const frames: Frame[] = []
  while (reader.remaining > 0) frames.push(frame.read(reader))
  return frames
}

function drain(reader: FrameReader): Frame[] {
  const frames: Frame[] = []
  for (let next = reader.next(); next !== undefined; next = reader.next()) frames.push(next)
  return frames
}

describe('FrameReader', () => {
  const anyFrames = fc.array(frame.any, { minLength: 1, maxLength: 4 })

  it(`gives the same frames wherever the octets are split in two (seed ${seed})`, () => {
    const property = fc.property(anyFrames, list => {
      const octets = Buffer.concat(list.map(each => encode(frame, each)))
      const whole = framesOf(octets)
      for (let at = 0; at <= octets.length; at++) {
        const reader = new FrameReader()
        reader.push(octets.subarray(0, at))
        const frames = drain(reader)
        reader.push(octets.subarray(at))
        frames.push(...drain(reader))
        expect(frames.map(show)).toEqual(whole.map(show))
        expect(reader.buffered).toBe(0)
      }
    })
    fc.assert(property, { seed, numRuns: 30 })
  })

  it('gives the same frames when octets come one at a time', () => {
    const frames = fc.sample(frame.any, { seed, numRuns: 60 })
    const octets = Buffer.concat(frames.map(each => encode(frame, each)))
    const found: Frame[] = []
    const reader = new FrameReader()
    for (const octet of octets) {
      reader.push(Uint8Array.of(octet))
      found.push(...drain(reader))
    }
    expect(found.map(show)).toEqual(framesOf(octets).map(show))
  })

  it('gives the same frames when many small pieces wait', () => {
    const octets = encode(frame, { type: 0, flags: 0, stream: 1, payload: new Uint8Array(5000).fill(7) })
    const reader = new FrameReader()
    for (const octet of octets) reader.push(Uint8Array.of(octet))
    for (const octet of octets) reader.push(Uint8Array.of(octet))
    expect(drain(reader).map(show)).toEqual([...framesOf(octets), ...framesOf(octets)].map(show))
  })

  it('shows a header before its payload has come, and keeps showing it', () => {
    const octets = encode(frame, { type: 4, flags: 1, stream: 3, reserved: 1, payload: new Uint8Array(6) })
    const reader = new FrameReader()
    reader.push(octets.subarray(0, 8))
    expect(reader.pendingHeader).toBeUndefined()
    reader.push(octets.subarray(8, 9))
    const header = { length: 6, type: 4, flags: 1, reserved: 1, stream: 3 }
    expect(reader.pendingHeader).toEqual(header)
    expect(reader.next()).toBeUndefined()
    expect(reader.pendingHeader).toEqual(header)
    reader.push(octets.subarray(9))
    expect(reader.next()).toBeDefined()
    expect(reader.pendingHeader).toBeUndefined()
  })

  it('does not copy a payload that lies in one piece', () => {
    const octets = encode(frame, { type: 0, flags: 0, stream: 1, payload: Uint8Array.of(1, 2, 3) })
    const reader = new FrameReader()
    reader.push(octets)
    const payload = reader.next()?.payload
    octets[9] = 0xee
    expect(payload?.[0]).toBe(0xee)
  })

  function show(given: Frame): object {
    return { ...given, payload: toHex(given.payload) }
  }
})

describe('frame', () => {
  it('has no encoding for what does not fit its field', () => {
    const good: Frame = { type: 0, flags: 0, stream: 1, payload: new Uint8Array(0) }
    for (const bad of [
      { type: 256 },
      { flags: -1 },
      { stream: 2 ** 31 },
      { stream: -1 },
      { payload: new Uint8Array(2 ** 24) },
    ])
      expect(() => encode(frame, { ...good, ...bad })).toThrow(expect.objectContaining({ code: 'unencodable' }))
    expect(decode(frame, encode(frame, good))).toEqual({ ...good, reserved: 0 })
  })

  it('has names for types and flags', () => {
    expect([0, 1, 5, 9, 10, 12, 16, 0xb, 0xfa].map(frameTypeName)).toEqual(
      ['DATA', 'HEADERS', 'PUSH_PROMISE', 'CONTINUATION', 'ALTSVC', 'ORIGIN', 'PRIORITY_UPDATE'].concat(
        'type 0x0b',
        'type 0xfa',
      ),
    )
    expect(flagsNames(1, 0x2d)).toEqual(['END_STREAM', 'END_HEADERS', 'PADDED', 'PRIORITY'])
    expect(flagsNames(4, 0x81)).toEqual(['ACK', '0x80'])
    expect(flagsNames(8, 0)).toEqual([])
  })
})
