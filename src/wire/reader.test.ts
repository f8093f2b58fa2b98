import { describe, expect, it } from 'vitest'
import { WireError } from './errors.ts'
import { hex, toHex } from './hex.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

describe('Reader', () => {
  it('reads big-endian integers of every width', () => {
    const reader = new Reader(hex('ff fffe fffefd fffefdfc fffefdfcfbfaf9f8'))
    expect([reader.u8(), reader.u16(), reader.u24(), reader.u32(), reader.u64()]).toEqual([
      0xff,
      0xfffe,
      0xfffefd,
      0xfffefdfc,
      0xfffefdfcfbfaf9f8n,
    ])
    expect(reader.remaining).toBe(0)
  })

  it('gives views, not copies', () => {
    const octets = hex('01020304')
    const reader = new Reader(octets)
    reader.u8()
    const view = reader.take(2)
    octets[1] = 0xee
    expect(toHex(view)).toBe('ee03')
    expect(toHex(reader.rest())).toBe('04')
  })

  it('says truncated at the place, and reads nothing, when octets are missing', () => {
    const reads: readonly [string, (reader: Reader) => unknown][] = [
      ['u8', r => r.u8()],
      ['u16', r => r.u16()],
      ['u24', r => r.u24()],
      ['u32', r => r.u32()],
      ['u64', r => r.u64()],
      ['take', r => r.take(2 ** 40)],
      ['sub', r => r.sub(5)],
    ]
    for (const [name, read] of reads) {
      const reader = new Reader(hex('0000000000'), 3, name === 'u8' ? 3 : 4)
      expect(() => read(reader), name).toThrow(expect.objectContaining({ code: 'truncated', offset: 3 }))
      expect(reader.offset, name).toBe(3)
    }
  })

  it('counts the offsets of a sub-reader on, and ends it where it was told to', () => {
    const reader = new Reader(hex('0001020304'))
    reader.u8()
    const sub = reader.sub(2)
    expect(reader.offset).toBe(3)
    expect([sub.u8(), sub.u8()]).toEqual([1, 2])
    expect(() => sub.u8()).toThrow(expect.objectContaining({ code: 'truncated', offset: 3 }))
  })

  it('puts the path of fields into an error', () => {
    const reader = new Reader(hex('00'))
    const inner = { read: (r: Reader) => r.u16() }
    expect(() => reader.field('outer', { read: r => r.field(2, inner) })).toThrow(
      expect.objectContaining({ code: 'truncated', path: ['outer', 2] }),
    )
  })

  it('refuses a range that the octets do not have', () => {
    expect(() => new Reader(hex('00'), 0, 2)).toThrow(RangeError)
    expect(() => new Reader(hex('00')).take(-1)).toThrow(RangeError)
  })
})

describe('Writer', () => {
  it('writes big-endian integers of every width, growing as it goes', () => {
    const writer = new Writer(1)
    writer.u8(0xff)
    writer.u16(0xfffe)
    writer.u24(0xfffefd)
    writer.u32(0xfffefdfc)
    writer.u64(0xfffefdfcfbfaf9f8n)
    writer.octets(hex('0102'))
    writer.latin1('aÿ')
    expect(toHex(writer.finish())).toBe('fffffefffefdfffefdfcfffefdfcfbfaf9f8010261ff')
    expect(writer.length).toBe(22)
  })

  it('says unencodable of what does not fit', () => {
    const writes: readonly ((writer: Writer) => void)[] = [
      w => w.u8(256),
      w => w.u8(-1),
      w => w.u8(1.5),
      w => w.u8(Number.NaN),
      w => w.u16(0x10000),
      w => w.u24(0x1000000),
      w => w.u32(0x100000000),
      w => w.u64(1n << 64n),
      w => w.latin1('aĀ'),
    ]
    for (const write of writes) {
      const writer = new Writer()
      expect(() => write(writer), write.toString()).toThrow(expect.objectContaining({ code: 'unencodable' }))
      expect(writer.length).toBe(0)
    }
  })

  it('is used again without a change to what was copied out of it', () => {
    const writer = new Writer(4)
    for (const length of [1, 100, 5000, 3]) {
      writer.clear()
      writer.octets(new Uint8Array(length).fill(length))
      const copy = writer.copy()
      writer.clear()
      writer.octets(new Uint8Array(length).fill(0xee))
      expect(copy).toEqual(new Uint8Array(length).fill(length))
    }
  })

  it('takes some of the octets that are given', () => {
    const writer = new Writer(1)
    const many = Uint8Array.from({ length: 100 }, (_, i) => i)
    writer.octets(many, 2, 4)
    writer.octets(many, 40, 100)
    expect(toHex(writer.finish())).toBe(`0203${toHex(many.subarray(40))}`)
  })

  it('patches what was written', () => {
    const writer = new Writer()
    writer.u24(0)
    writer.u8(9)
    writer.patch(0, 3, 0x010203)
    expect(toHex(writer.finish())).toBe('01020309')
    expect(() => writer.patch(2, 3, 0)).toThrow(RangeError)
    expect(() => writer.patch(0, 1, 256)).toThrow(WireError)
  })
})

describe('hex', () => {
  it('reads digits in either case, with white space between octets', () => {
    expect([...hex('00 0a\n0AfF')]).toEqual([0, 10, 10, 255])
    expect(toHex(hex('000aff'), ' ')).toBe('00 0a ff')
  })

  it('says what is wrong and where', () => {
    expect(() => hex('00 0g')).toThrow("hex: 'g' at character 4 is no hex digit")
    expect(() => hex('0 0')).toThrow('hex: half an octet before character 1')
    expect(() => hex('000')).toThrow('hex: half an octet at the end')
  })
})
