import { describe, expect, it } from 'vitest'
import { dissect } from '../wire/dissect.ts'
import { hex, toHex } from '../wire/hex.ts'
import { Reader } from '../wire/reader.ts'
import type { Message, ResourceRecord } from './message.ts'
import { encodeMessage, message } from './message.ts'
import { TYPE } from './mnemonics.ts'

const EMPTY: Message = {
  ...{ id: 0x1234, qr: true, opcode: 0, aa: true, tc: false, rd: false, ra: false, z: false, ad: false, cd: false },
  ...{ rcode: 0, questions: [], answers: [], authority: [], additional: [] },
}

function address(name: string, host = 1): ResourceRecord {
  return { name, type: TYPE.A, class: 1, ttl: 300, data: { address: `192.0.2.${host}` } }
}

/** RFC 1035 §4.1, by hand: www.example.test A, and its address. */
const RESPONSE =
  '1234 8400 0001 0001 0000 0000 03777777 076578616d706c65 0474657374 00 0001 0001 c00c 0001 0001 0000012c 0004 c0000201'

describe('a message', () => {
  it('is dissected down to its parts', () => {
    const rows = dissect(message, hex(RESPONSE)).rows
    expect(rows.map(({ offset, octets, path }) => `${offset}+${octets.length} ${path.join('.')}`)).toEqual([
      ...['0+2 id', '2+2 flags', '4+2 qdcount', '6+2 ancount', '8+2 nscount', '10+2 arcount'],
      ...['12+18 questions.0.name', '30+2 questions.0.type', '32+2 questions.0.class'],
      ...['34+2 answers.0.name', '36+2 answers.0.type', '38+2 answers.0.class', '40+4 answers.0.ttl'],
      '46+4 answers.0.data.address',
    ])
  })

  it.each([
    ['the header', 7, 'ancount'],
    ['the name of a question', 20, 'questions.0.name'],
    ['the type of a question', 31, 'questions.0.type'],
    ['the class of a record', 39, 'answers.0.class'],
    ['RDATA', 48, 'answers.0.data'],
  ])('cut off in %s says where', (_, length, path) => {
    const octets = hex(RESPONSE).subarray(0, length)
    expect(() => message.read(new Reader(octets))).toThrow(
      expect.objectContaining({ code: 'truncated', path: path.split('.').map(step => (step === '0' ? 0 : step)) }),
    )
  })

  it('says which part of a value has no encoding', () => {
    const name = (bad: string) => () => encodeMessage({ ...EMPTY, answers: [address('a.'), address(bad)] })
    expect(name('no-dot')).toThrow(expect.objectContaining({ code: 'unencodable', path: ['answers', 1, 'name'] }))
    const data = { ...address('a.'), data: { address: '192.0.2.256' } }
    expect(() => encodeMessage({ ...EMPTY, additional: [data] })).toThrow(
      expect.objectContaining({ code: 'unencodable', path: ['additional', 0, 'data', 'address'] }),
    )
  })

  it('is not changed by what is written later, nor by what could not be', () => {
    const first = encodeMessage({ ...EMPTY, answers: [address('www.example.test.')] })
    const before = toHex(first)
    expect(() => encodeMessage({ ...EMPTY, answers: [address('www.example.test.'), address('')] })).toThrow()
    const second = encodeMessage({ ...EMPTY, answers: [address('www.example.test.')] })
    encodeMessage({ ...EMPTY, answers: [address('another.example.test.', 2)] })
    expect(toHex(first)).toBe(before)
    expect(toHex(second)).toBe(before)
  })
})

describe('compression', () => {
  it('keeps the case of each name', () => {
    const octets = encodeMessage({ ...EMPTY, answers: [address('www.Example.test.'), address('www.example.test.')] })
    const { answers } = message.read(new Reader(octets))
    expect(answers.map(({ name }) => name)).toEqual(['www.Example.test.', 'www.example.test.'])
  })

  it('points to nothing that a pointer cannot name, however many names there are', () => {
    // 21 octets and more for each of the first names: the later of them lie behind octet 16383. RFC 1035 §4.1.4
    const names = Array.from({ length: 1500 }, (_, i) => `n${i}.example.test.`)
    const answers = [...names, ...names].map(name => address(name))
    const octets = encodeMessage({ ...EMPTY, answers })
    expect(octets.length).toBeGreaterThan(0x4000)
    expect(message.read(new Reader(octets)).answers).toEqual(answers)
  })

  it('gives the same octets again after very many other names', () => {
    const value = { ...EMPTY, answers: [address('www.example.test.'), address('ftp.example.test.')] }
    const before = toHex(encodeMessage(value))
    for (let i = 0; i < 10_000; i++) encodeMessage({ ...EMPTY, answers: [address(`n${i}.other.test.`)] })
    expect(toHex(encodeMessage(value))).toBe(before)
  })

  it('does not save a name from being too long', () => {
    const long = 'a.'.repeat(127)
    expect(() => encodeMessage({ ...EMPTY, answers: [address(long), address(`b.${long}`)] })).toThrow(
      expect.objectContaining({ code: 'unencodable', path: ['answers', 1, 'name'] }),
    )
  })
})
