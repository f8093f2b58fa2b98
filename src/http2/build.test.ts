import { describe, expect, it } from 'vitest'
import { hex, toHex } from '../wire/hex.ts'
import * as build from './build.ts'
import type { Frame } from './frame.ts'

// The octets are put together by hand from the layouts of RFC 9113 §4.1 and §6.
const block = hex('8286')
const built: readonly (readonly [string, Frame, string])[] = [
  ['DATA', build.data(1, 'hi', { endStream: true }), '000002 00 01 00000001 6869'],
  ['DATA with padding', build.data(1, hex('aa'), { padding: 2 }), '000004 00 08 00000001 02 aa 0000'],
  ['DATA with no padding', build.data(1, hex('aa'), { padding: 0 }), '000002 00 08 00000001 00 aa'],
  ['DATA with given padding', build.data(1, hex('aa'), { padding: hex('ff') }), '000003 00 08 00000001 01 aa ff'],
  ['DATA with another flag', build.data(1, '', { flags: 0xf0 }), '000000 00 f0 00000001'],
  ['DATA with the reserved bit', build.data(1, '', { reserved: 1 }), '000000 00 00 80000001'],
  ['HEADERS', build.headers(3, block, { endStream: true }), '000002 01 05 00000003 8286'],
  ['HEADERS to be continued', build.headers(3, block, { endHeaders: false }), '000002 01 00 00000003 8286'],
  [
    'HEADERS with all there is',
    build.headers(3, block, { padding: 1, priority: { exclusive: 1, dependency: 5, weight: 7 } }),
    '000009 01 2c 00000003 01 80000005 07 8286 00',
  ],
  ['PRIORITY', build.priority(3, { dependency: 1, weight: 255 }), '000005 02 00 00000003 00000001 ff'],
  ['RST_STREAM', build.rstStream(3, 8), '000004 03 00 00000003 00000008'],
  ['SETTINGS', build.settings([[4, 65535]]), '000006 04 00 00000000 0004 0000ffff'],
  ['SETTINGS with ACK', build.settingsAck(), '000000 04 01 00000000'],
  ['SETTINGS on a stream', build.settings([], { stream: 1 }), '000000 04 00 00000001'],
  ['PUSH_PROMISE', build.pushPromise(1, 2, block), '000006 05 04 00000001 00000002 8286'],
  ['PING', build.ping(hex('0102030405060708')), '000008 06 00 00000000 0102030405060708'],
  ['PING of 5 octets with ACK', build.ping(hex('0102030405'), { ack: true }), '000005 06 01 00000000 0102030405'],
  ['GOAWAY', build.goaway(5, 11, 'ok'), '00000a 07 00 00000000 00000005 0000000b 6f6b'],
  ['WINDOW_UPDATE', build.windowUpdate(1, 0x7fffffff), '000004 08 00 00000001 7fffffff'],
  ['CONTINUATION', build.continuation(1, block, { endHeaders: false }), '000002 09 00 00000001 8286'],
  ['PRIORITY_UPDATE', build.priorityUpdate(1, 'u=2'), '000007 10 00 00000000 00000001 753d32'],
  ['ALTSVC', build.altsvc(0, 'a', 'b'), '000004 0a 00 00000000 0001 61 62'],
  ['ORIGIN', build.origin(['a', 'bc']), '000007 0c 00 00000000 0001 61 0002 6263'],
]

describe('builders', () => {
  it.each(built)('%s', (_name, frame, octets) => {
    expect(toHex(build.octetsOf(frame))).toBe(octets.replaceAll(' ', ''))
  })

  it('rawFrame may lie about its length', () => {
    expect(toHex(build.rawFrame({ type: 6, flags: 1, stream: 2, payload: hex('aa'), length: 0x4001 }))).toBe(
      '0040010601' + '00000002' + 'aa',
    )
    expect(toHex(build.rawFrame({ type: 0xfa }))).toBe('000000fa0000000000')
  })

  it('octetsOf puts frames and octets in a row', () => {
    expect(toHex(build.octetsOf(hex('0a'), build.settingsAck(), hex('0b')))).toBe('0a0000000401000000000b')
    expect(build.octetsOf().length).toBe(0)
  })

  it('values that do not fit their fields are refused', () => {
    expect(() => build.windowUpdate(1, 2 ** 31)).toThrow(expect.objectContaining({ code: 'unencodable' }))
    expect(() => build.settings([[65536, 0]])).toThrow(expect.objectContaining({ code: 'unencodable' }))
    expect(() => build.data(1, '', { padding: 256 })).toThrow(expect.objectContaining({ code: 'unencodable' }))
  })
})
