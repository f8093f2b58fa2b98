import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WireError } from '../wire/errors.ts'
import { hex, toHex } from '../wire/hex.ts'
import { plain } from '../wire/plain.ts'
import { Reader } from '../wire/reader.ts'
import { decode, encode } from '../wire/whole.ts'
import { Writer } from '../wire/writer.ts'
import { CLASS, TYPE, types } from './mnemonics.ts'
import { facts } from './rdata.fixture.ts'
import { rdataFromText, rdataText, rdataTypes, readRdata, writeRdata } from './rdata.ts'
import { Tokens, tokenize } from './tokens.ts'

const seed = 1035

function typeOf(name: string): number {
  return types.number(name) as number
}

function fromText(type: number, text: string, klass: number = CLASS.IN) {
  return rdataFromText(type, klass, new Tokens(tokenize(text)))
}

function octetsOf(type: number, text: string): string {
  const writer = new Writer()
  writeRdata(writer, type, CLASS.IN, fromText(type, text))
  return toHex(writer.finish())
}

function read(type: number, octets: string, klass: number = CLASS.IN) {
  return readRdata(new Reader(hex(octets)), type, klass, octets.length / 2)
}

describe('RDATA as other tools have them', () => {
  it.each(facts)('%s %s', (name, text, octets) => {
    const type = typeOf(name)
    expect(octetsOf(type, text)).toBe(octets)
    expect(plain(read(type, octets))).toEqual(plain(fromText(type, text)))
    expect(octetsOf(type, rdataText(type, CLASS.IN, read(type, octets)))).toBe(octets)
    expect(octetsOf(type, `\\# ${octets.length / 2} ${octets}`)).toBe(octets)
  })

  it('are there for each type', () => {
    const tested = new Set(facts.map(([name]) => name))
    const untested = [...rdataTypes.keys()].map(types.text).filter(name => !tested.has(name))
    expect(untested).toEqual(['OPT'])
  })
})

describe.each([...rdataTypes].filter(([type]) => type !== TYPE.OPT))(`type %i (seed ${seed})`, (type, codec) => {
  it('reads its own text', () => {
    const property = fc.property(codec.any, value => {
      const text = rdataText(type, CLASS.IN, value)
      if (!isDeepStrictEqual(plain(fromText(type, text)), plain(value))) throw new Error(text)
    })
    fc.assert(property, { seed, numRuns: 200 })
  })

  it('has a text for all octets that it reads, and reads it', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 40 }), octets => {
      let value: object
      try {
        value = decode(codec, octets)
      } catch (error) {
        if (error instanceof WireError) return
        throw error
      }
      const text = rdataText(type, CLASS.IN, value)
      if (toHex(encode(codec, fromText(type, text) as object)) !== toHex(encode(codec, value))) throw new Error(text)
    })
    fc.assert(property, { seed, numRuns: 200 })
  })
})

describe('text', () => {
  it.each([
    // RFC 4291 §2.2, RFC 5952 §1, §4
    ['AAAA', '2001:DB8:0:0:8:800:200C:417A', '2001:db8::8:800:200c:417a'],
    ['AAAA', '0:0:0:0:0:0:13.1.68.3', '::d01:4403'],
    ['AAAA', '::FFFF:129.144.52.38', '::ffff:129.144.52.38'],
    ['AAAA', '2001:0db8::0001:0000', '2001:db8::1:0'],
    ['AAAA', '2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['AAAA', '2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['AAAA', '2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['AAAA', '2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['AAAA', '1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['SOA', 'a. b. 1 2h 1h30m 1w 1d12h', 'a. b. 1 7200 5400 604800 129600'],
    ['DS', '1 RSASHA256 2 aa BB', '1 8 2 AABB'],
    ['TLSA', 'DANE-EE SPKI SHA2-256 00', '3 1 1 00'],
    ['LOC', '0 N 180 W 0', '0 0 0.000 N 180 0 0.000 W 0.00m 1.00m 10000.00m 10.00m'],
    ['RRSIG', 'A 1 0 1h 0 4294967295 1 . AQ==', 'A 1 0 3600 19700101000000 21060207062815 1 . AQ=='],
    ['TXT', 'caf\u00e9 "a;b" \\;', '"caf\\195\\169" "a;b" ";"'],
    ['APL', '', ''],
    // RFC 9460 Appendix D.2: one value, two texts
    ['SVCB', '16 foo. alpn=f\\\\\\092oo\\092,bar,h2', '16 foo. alpn="f\\\\\\\\oo\\\\,bar,h2"'],
    ['SVCB', '1 . key1=h2 key3=80', '1 . alpn=h2 port=80'],
    ['TYPE65280', '\\# 3 ab cdef', '\\# 3 ABCDEF'],
    ['TYPE65280', '\\# 0', '\\# 0'],
    ['NULL', '\\# 1 00', '\\# 1 00'],
    // Octets without a text of their own
    ['LOC', `\\# 16 01${'00'.repeat(15)}`, `\\# 16 01${'00'.repeat(15)}`],
    ['APL', '\\# 4 00030000', '\\# 4 00030000'],
  ])('%s %s is shown as %s', (name, text, shown) => {
    expect(rdataText(typeOf(name), CLASS.IN, fromText(typeOf(name), text))).toBe(shown)
  })

  const wrong = ['1', ':1', '1:', '1:::2', '1::2::3', '12345::', '1:2:3:4:5:6:7:8:9', '::g', '::1.2.3', '1.2.3.4']

  it.each<readonly [string, string, string]>([
    ['A', '192.0.2', "'192.0.2' is no IPv4 address"],
    ['A', '192.0.2.256', 'no IPv4 address'],
    ['A', '192.0.2.1.', 'no IPv4 address'],
    ['A', '192.0.2.1 more', "'more' is too much"],
    ['A', '', 'an IPv4 address is missing'],
    ...wrong.map((text): [string, string, string] => ['AAAA', text, 'no IPv6 address']),
    ['AAAA', '1:2:3:4:5:6:7::8', 'no IPv6 address'],
    ['MX', '65536 a.', 'no number up to 65535'],
    ['MX', '-1 a.', 'no number'],
    ['NS', 'a..b.', 'empty label'],
    ['NS', '""', 'an empty name'],
    ['NS', `${'a'.repeat(64)}.`, 'more than 63 octets'],
    ['TXT', '', 'a character string is missing'],
    ['TXT', `"${'a'.repeat(256)}"`, '256 octets'],
    ['TXT', '\\256', 'no octet'],
    ['NSEC', 'a. WHAT', "'WHAT' is no type"],
    ['DS', '1 1 1 abc', 'not hexadecimal'],
    ['DNSKEY', '1 1 1 abc', 'not base 64'],
    ['NSEC3', '1 0 0 - 0', 'cut off'],
    ['NSEC3', '1 0 0 - 0W', 'not base 32'],
    ['RRSIG', 'A 1 0 0 20230229000000 0 0 . AA==', 'no time from 1970'],
    ['SOA', 'a. b. 1 1x 1 1 1', 'no time'],
    ['LOC', '91 N 0 E 0', 'no place'],
    ['LOC', '0 N 0 E', 'altitude is missing'],
    ['APL', '1:192.0.2.0/33', 'no prefix'],
    ['EUI48', '00-00-5e-00-53', 'form 00-00-00-00-00-00'],
    ['CAA', '0 "" ""', 'without a tag'],
    ['OPT', '', 'no master file'],
    ['A', '\\# 4 c00002', '3 octets follow'],
    ['A', '\\# 3 c00002', 'no RDATA of type A: truncated'],
    ['NS', '\\# 4 0161c000', 'no RDATA of type NS: malformed'],
    ['MINFO', '\\# 5 016100c000', 'a name in them is compressed'],
    ['TYPE65280', '1', 'RFC 3597'],
    // RFC 9460 Appendix D.3
    ['SVCB', '1 foo.example.com. key123=abc key123=def', 'twice'],
    ['SVCB', '1 foo.example.com. mandatory', 'no key'],
    ['SVCB', '1 foo.example.com. alpn', 'no octets'],
    ['SVCB', '1 foo.example.com. port', 'no port'],
    ['SVCB', '1 foo.example.com. ipv4hint', 'no IPv4 address'],
    ['SVCB', '1 foo.example.com. ipv6hint', 'no IPv6 address'],
    ['SVCB', '1 foo.example.com. no-default-alpn=abc', 'no value'],
    ['SVCB', '1 foo.example.com. mandatory=key123', 'key123 is mandatory'],
    ['SVCB', '1 foo.example.com. mandatory=mandatory', 'itself'],
    ['SVCB', '1 foo.example.com. mandatory=key123,key123 key123=abc', 'a key twice'],
    ['SVCB', '1 foo.example.com. no-default-alpn', 'wants alpn'],
    ['SVCB', '1 foo.example.com. key0123=a', 'no key'],
  ])('%s %s is refused: %s', (name, text, why) => {
    expect(() => fromText(typeOf(name), text)).toThrow(expect.objectContaining({ name: 'TextError' }))
    expect(() => fromText(typeOf(name), text)).toThrow(why)
  })

  it('of octets for a type that we know is theirs', () => {
    expect(rdataText(TYPE.A, CLASS.IN, hex('00'))).toBe('\\# 1 00')
  })
})

describe('classes', () => {
  it('other than IN have no addresses that we know', () => {
    expect(read(TYPE.A, 'c0000201', CLASS.CH)).toEqual(hex('c0000201'))
    expect(read(TYPE.TXT, '0161', CLASS.CH)).toEqual({ strings: ['a'] })
  })

  it('of updates have the RDATA of their zone, or none', () => {
    expect(read(TYPE.A, 'c0000201', CLASS.NONE)).toEqual({ address: '192.0.2.1' })
    expect(read(TYPE.A, '', CLASS.ANY)).toEqual(hex(''))
    expect(() => read(TYPE.A, '', CLASS.IN)).toThrow(WireError)
  })
})

describe('pointers', () => {
  const name = '016100'
  const at = (type: number, octets: string) => () =>
    readRdata(new Reader(hex(name + octets), 3), type, CLASS.IN, octets.length / 2)

  it.each(['NS', 'CNAME', 'PTR', 'MB', 'MD', 'MF', 'MG', 'MR'])('are read in %s', type => {
    expect(at(typeOf(type), 'c000')()).toEqual({ name: 'a.' })
  })

  // RFC 3597 §4
  it.each([
    ['RP', 'c000c000', { mbox: 'a.', txt: 'a.' }],
    ['AFSDB', '0001c000', { subtype: 1, hostname: 'a.' }],
    ['RT', '0001c000', { preference: 1, host: 'a.' }],
    ['PX', '0001c000c000', { preference: 1, map822: 'a.', mapx400: 'a.' }],
    ['SRV', '000100020003c000', { priority: 1, weight: 2, port: 3, target: 'a.' }],
    [
      'NAPTR',
      '00010002000000c000',
      { order: 1, preference: 2, flags: '', services: '', regexp: '', replacement: 'a.' },
    ],
  ])('are read in %s, though not written', (type, octets, value) => {
    expect(at(typeOf(type), octets)()).toEqual(value)
    const writer = new Writer()
    writeRdata(writer, typeOf(type), CLASS.IN, value)
    expect(toHex(writer.finish())).toContain('016100')
  })

  it.each([
    ['DNAME', 'c000'],
    ['KX', '0001c000'],
    ['NSEC', 'c000000140'],
    ['LP', '0001c000'],
    ['SVCB', '0001c000'],
    ['HTTPS', '0001c000'],
    ['IPSECKEY', '000300c000'],
    ['RRSIG', `${'00'.repeat(18)}c000`],
  ])('are malformed in %s', (type, octets) => {
    expect(at(typeOf(type), octets)).toThrow(expect.objectContaining({ code: 'malformed' }))
  })
})
