import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WireError } from '../wire/errors.ts'
import { hex, toHex } from '../wire/hex.ts'
import { Reader } from '../wire/reader.ts'
import { decode, encode } from '../wire/whole.ts'
import { Writer } from '../wire/writer.ts'
import * as names from './name.ts'

const { compressedName, uncompressedName, MessageWriter, readName, writeName } = names
const malformed = expect.objectContaining({ name: 'WireError', code: 'malformed' })
const truncated = expect.objectContaining({ name: 'WireError', code: 'truncated' })
const unencodable = expect.objectContaining({ name: 'WireError', code: 'unencodable' })

const label = (length: number) => 'a'.repeat(length)

describe('limits', () => {
  it('labels have 63 octets at most', () => {
    const name = `${label(63)}.`
    expect(decode(compressedName, encode(compressedName, name))).toBe(name)
    expect(() => encode(compressedName, `${label(64)}.`)).toThrow(unencodable)
    // 64 begins with the bits 01, which is another type of label.
    expect(() => decode(compressedName, hex(`40${'61'.repeat(64)}00`))).toThrow(malformed)
    expect(() => decode(compressedName, hex(`80${'61'.repeat(128)}00`))).toThrow(malformed)
  })

  it('names have 255 octets at most', () => {
    const longest = `${`${label(63)}.`.repeat(3)}${label(61)}.`
    const octets = encode(compressedName, longest)
    expect(octets.length).toBe(255)
    expect(decode(compressedName, octets)).toBe(longest)
    expect(() => encode(compressedName, `${`${label(63)}.`.repeat(3)}${label(62)}.`)).toThrow(unencodable)
    const long = `${`3f${'61'.repeat(63)}`.repeat(3)}3e${'61'.repeat(62)}00`
    expect(() => decode(compressedName, hex(long))).toThrow(malformed)
  })

  it('names have 127 labels at most', () => {
    const most = 'a.'.repeat(127)
    expect(decode(compressedName, encode(compressedName, most))).toBe(most)
    expect(() => encode(compressedName, 'a.'.repeat(128))).toThrow(unencodable)
    expect(() => decode(compressedName, hex(`${'0161'.repeat(128)}00`))).toThrow(malformed)
  })

  it('names that pointers make too long are malformed', () => {
    // 128 octets of labels, then 128 more before a pointer to them.
    const octets = hex(`${'0161'.repeat(64)}00${'0161'.repeat(64)}c000`)
    expect(() => readName(new Reader(octets, 129))).toThrow(malformed)
    const fewer = hex(`${'0161'.repeat(63)}00${'0161'.repeat(64)}c000`)
    expect(readName(new Reader(fewer, 127))).toBe('a.'.repeat(127))
  })
})

describe('text', () => {
  // As dnspython 2.3 shows and reads them.
  it.each([
    ['00', '.'],
    ['03777777076578616d706c6500', 'www.example.'],
    ['03612e6200', 'a\\.b.'],
    ['035c2e2200', '\\\\\\.\\".'],
    ['0540242829 3b 00', '\\@\\$\\(\\)\\;.'],
    ['0420007fff00', '\\032\\000\\127\\255.'],
    ['012a0161 00', '*.a.'],
    ['025f7803612d7a00', '_x.a-z.'],
    ['01c300', '\\195.'],
  ])('%s is %s', (octets, text) => {
    expect(decode(compressedName, hex(octets))).toBe(text)
    expect(encode(compressedName, text)).toEqual(hex(octets))
  })

  it.each(['', 'a', 'a\\.', '..', 'a..', '.a.', 'a.\\', '\\256.', '\u0100.'])('%j is no name', text => {
    expect(() => encode(compressedName, text)).toThrow(unencodable)
  })

  it('keeps upper and lower case', () => {
    expect(decode(compressedName, hex('0141016100'))).toBe('A.a.')
  })

  it('is the same string for the same octets, however often and in whatever order they are read', () => {
    const property = fc.property(fc.array(names.anyName, { maxLength: 8 }), list => {
      for (const name of [...list, ...list]) {
        if (decode(compressedName, encode(compressedName, name)) !== name) throw new Error(name)
      }
    })
    fc.assert(property, { seed: 1035 })
  })
})

describe('pointers', () => {
  // RFC 1035 §4.1.4: F.ISI.ARPA at 20, FOO.F.ISI.ARPA at 40, ARPA at 64, the root at 92.
  const example = new Uint8Array(93)
  example.set(hex('01460349534904 4152504100'), 20)
  example.set(hex('03464f4fc014'), 40)
  example.set(hex('c01a'), 64)

  it('are as in the example', () => {
    const at = (offset: number) => {
      const reader = new Reader(example, offset)
      return [readName(reader), reader.offset]
    }
    expect([20, 40, 64, 92].map(at)).toEqual([
      ['F.ISI.ARPA.', 32],
      ['FOO.F.ISI.ARPA.', 46],
      ['ARPA.', 66],
      ['.', 93],
    ])
  })

  it('are written as in the example', () => {
    const writer = new MessageWriter()
    const fill = (to: number) => writer.octets(new Uint8Array(to - writer.length))
    for (const [offset, name] of [
      [20, 'F.ISI.ARPA.'],
      [40, 'FOO.F.ISI.ARPA.'],
      [64, 'ARPA.'],
      [92, '.'],
    ] as const) {
      fill(offset)
      writeName(writer, name)
    }
    expect(toHex(writer.finish())).toBe(toHex(example))
  })

  it.each([
    ['forward', 'c00200', 0],
    ['to itself', '0000c002', 2],
    ['to where its own name begins', '0161c000', 0],
    ['in a loop of two', 'c002c000', 0],
    ['in a loop of two, from behind', 'c002c000', 2],
    ['past the end', 'c0ff', 0],
  ])('%s are malformed', (_which, octets, from) => {
    expect(() => readName(new Reader(hex(octets), from))).toThrow(malformed)
  })

  it.each(['c0', '', '01', '0161', '0261'])('that stop at %j are truncated', octets => {
    expect(() => readName(new Reader(hex(octets)))).toThrow(truncated)
  })

  it('may follow one another as often as a name has labels', () => {
    const chain = (pointers: number) => {
      const octets = new Uint8Array(1 + 2 * pointers)
      for (let i = 1; i <= pointers; i++) octets.set([0xc0, i === 1 ? 0 : 2 * i - 3], 2 * i - 1)
      return readName(new Reader(octets, octets.length - 2))
    }
    expect(chain(127)).toBe('.')
    expect(() => chain(128)).toThrow(malformed)
  })

  it('are malformed where names are not compressed', () => {
    const reader = new Reader(hex('00c000'), 1)
    expect(() => uncompressedName.read(reader)).toThrow(malformed)
  })

  it('leave the reader behind the first of them', () => {
    const reader = new Reader(hex('0161000162c000ff'), 3)
    expect(readName(reader)).toBe('b.a.')
    expect(reader.offset).toBe(7)
  })

  it('may lead out of the reader, but names may not run out of it without', () => {
    const reader = new Reader(hex('0161000162c000'), 3, 7)
    expect(readName(reader)).toBe('b.a.')
    expect(() => readName(new Reader(hex('016100'), 0, 2))).toThrow(truncated)
  })

  it('are written to names in the same case only, within reach', () => {
    const writer = new MessageWriter()
    writeName(writer, 'a.b.')
    writeName(writer, 'A.b.')
    expect(toHex(writer.finish())).toBe('0161016200' + '0141c002')
    const far = new MessageWriter()
    far.octets(new Uint8Array(0x3fff))
    writeName(far, 'a.')
    writeName(far, 'a.')
    writeName(far, 'b.a.')
    expect(toHex(far.finish().subarray(0x3fff))).toBe('016100' + 'ffff' + '0162' + 'ffff')
    const further = new MessageWriter()
    further.octets(new Uint8Array(0x4000))
    writeName(further, 'a.')
    writeName(further, 'a.')
    expect(toHex(further.finish().subarray(0x4000))).toBe('016100016100')
  })

  it('are not written outside messages', () => {
    const writer = new Writer()
    writeName(writer, 'a.')
    writeName(writer, 'a.')
    expect(toHex(writer.finish())).toBe('016100016100')
  })

  it('of any kind throw nothing but WireError, in little time', () => {
    const property = fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(), (octets, from) => {
      try {
        readName(new Reader(octets, from % octets.length))
      } catch (error) {
        if (!(error instanceof WireError)) throw error
      }
    })
    fc.assert(property, { seed: 1035, numRuns: 2000 })
  })
})

describe('parts', () => {
  it('labels of a name, and back', () => {
    expect(names.labelsOf('a\\.b.c.').map(octets => toHex(octets))).toEqual(['612e62', '63'])
    expect(names.labelsOf('.')).toEqual([])
    expect(names.nameOf('a.b', hex('00'))).toBe('a\\.b.\\000.')
    expect(names.nameOf()).toBe('.')
    fc.assert(
      fc.property(names.anyName, name => {
        expect(names.nameOf(...names.labelsOf(name))).toBe(name)
        expect(names.labelCount(name)).toBe(names.labelsOf(name).length)
        expect(names.parent(name)).toBe(names.nameOf(...names.labelsOf(name).slice(1)))
      }),
      { seed: 1035 },
    )
  })

  // RFC 4343 §3: letters of ASCII only.
  it('are compared without case', () => {
    expect(names.canonical('WwW.ExAmPlE.')).toBe('www.example.')
    expect(names.sameName('WWW.', 'www.')).toBe(true)
    expect(names.sameName('\\195.', '\\227.')).toBe(false)
    expect(names.sameName('a.', 'b.')).toBe(false)
  })

  it.each([
    ['a.b.', 'b.', true],
    ['b.', 'b.', true],
    ['a.', '.', true],
    ['ab.', 'b.', false],
    ['b.', 'a.b.', false],
    ['a\\.b.', 'b.', false],
    ['a\\\\.b.', 'b.', true],
    ['\\092.b.', 'b.', true],
  ])('%s is within %s: %s', (name, ancestor, within) => {
    expect(names.isWithin(name, ancestor)).toBe(within)
  })
})
