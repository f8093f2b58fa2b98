import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plain } from '../wire/plain.ts'
import { includedPath, MasterFileError, parseMasterFile, recordFromText, recordText } from './master-file.ts'
import { CLASS, TYPE } from './mnemonics.ts'
import { anyName, canonical } from './name.ts'
import { anyRdata, rdataTypes } from './rdata.ts'

const file = 'test.zone'

function lines(text: string, included: Readonly<Record<string, string>> = {}): string[] {
  const include = (path: string) => {
    const found = included[path]
    if (found === undefined) throw new Error('no such file')
    return found
  }
  return parseMasterFile(text, { file, origin: 'isi.edu.', include }).map(recordText)
}

describe('parseMasterFile', () => {
  // RFC 1035 §5.3, and all else that a master file may have.
  const zone = String.raw`; comment
$TTL 1h30m
@   IN  SOA     VENERA      Action\.domains (
                                 20     ; SERIAL
                                 7200   ; REFRESH
                                 600    ; RETRY
                                 3600000; EXPIRE
                                 60)    ; MINIMUM

        NS      A.ISI.EDU.
        NS      VENERA
        MX      10      VENERA
        300 IN TXT      VAXA
A A 26.3.0.103
VENERA  IN 600 A       10.1.0.52
        HINFO a b ;
VENERA2 A      128.9.0.32
$ORIGIN sub.ISI.EDU.
@ TXT ( "a;b" c"d"
  "e (f) \" g" )
*.x 1d CNAME A.ISI.EDU.
\*.y\.z CNAME @
t TYPE1 \# 4 0A000034
u CLASS1 TYPE65280 \# 3 (
  ab cd
  EF )
$TTL 0
v AAAA 2001:DB8::
$INCLUDE inc.zone inc.ISI.EDU.
  TXT still v
w A 192.0.2.1
`
  const inc = `mail MX 1 @
$TTL 5
$ORIGIN deeper
@ A 192.0.2.2
`

  it('reads what named-compilezone reads', () => {
    // Its output, less white space and in the order of the file.
    const bind = String.raw`isi.edu. 5400 IN SOA VENERA.isi.edu. Action\.domains.isi.edu. 20 7200 600 3600000 60
isi.edu. 5400 IN NS A.ISI.EDU.
isi.edu. 5400 IN NS VENERA.isi.edu.
isi.edu. 5400 IN MX 10 VENERA.isi.edu.
isi.edu. 300 IN TXT "VAXA"
A.isi.edu. 5400 IN A 26.3.0.103
VENERA.isi.edu. 600 IN A 10.1.0.52
VENERA.isi.edu. 5400 IN HINFO "a" "b"
VENERA2.isi.edu. 5400 IN A 128.9.0.32
sub.ISI.EDU. 5400 IN TXT "a;b" "c" "d" "e (f) \" g"
*.x.sub.ISI.EDU. 86400 IN CNAME A.ISI.EDU.
*.y\.z.sub.ISI.EDU. 5400 IN CNAME sub.ISI.EDU.
t.sub.ISI.EDU. 5400 IN A 10.0.0.52
u.sub.ISI.EDU. 5400 IN TYPE65280 \# 3 ABCDEF
v.sub.ISI.EDU. 0 IN AAAA 2001:db8::
mail.inc.ISI.EDU. 0 IN MX 1 inc.ISI.EDU.
deeper.inc.ISI.EDU. 5 IN A 192.0.2.2
v.sub.ISI.EDU. 5 IN TXT "still" "v"
w.sub.ISI.EDU. 5 IN A 192.0.2.1`
    expect(lines(zone, { 'inc.zone': inc })).toEqual(bind.split('\n'))
  })

  it('reads lines that end in CR and LF, a byte order mark, and a last line without an end', () => {
    expect(lines('\ufeff@ 1 A 192.0.2.1\r\n  A 192.0.2.2\r\n\r\na A (\r\n192.0.2.3 )')).toEqual([
      'isi.edu. 1 IN A 192.0.2.1',
      'isi.edu. 1 IN A 192.0.2.2',
      'a.isi.edu. 1 IN A 192.0.2.3',
    ])
  })

  it('takes the last TTL where there is no $TTL, and the minimum of an SOA record that comes first', () => {
    expect(lines('a 7 A 192.0.2.1\nb A 192.0.2.2')).toContain('b.isi.edu. 7 IN A 192.0.2.2')
    const [soa, next] = lines('@ SOA a b 1 2 3 4 5\nb A 192.0.2.2')
    expect(soa).toMatch(/^isi.edu. 5 IN SOA/)
    expect(next).toBe('b.isi.edu. 5 IN A 192.0.2.2')
  })

  it('keeps the class of the record before', () => {
    expect(lines('a 7 CH TXT x\nb TXT y')).toContain('b.isi.edu. 7 CH TXT "y"')
  })

  it.each([
    ['@ 1 A 192.0.2.1\n\n@ 1 A 192.0.2', 3, "'192.0.2' is no IPv4 address"],
    ['  1 A 192.0.2.1', 1, 'the first record has no owner'],
    ['a A 192.0.2.1', 1, 'no TTL'],
    ['a 1', 1, 'a type is missing'],
    ['a 1 WHAT', 1, "'WHAT' is no type"],
    ['a 1 1 A 192.0.2.1', 1, "'1' is no type"],
    ['a 1 A ( 192.0.2.1\nb 1 A 192.0.2.1', 1, 'opens that is not closed'],
    ['a 1 A 192.0.2.1\n)', 2, 'closes that was not opened'],
    ['a 1 TXT "x\ny"', 1, 'quotation mark'],
    ['a 1 TXT (\n"x\ny" )', 2, 'quotation mark'],
    ['a..b 1 A 192.0.2.1', 1, 'an empty label'],
    [`${'a.'.repeat(128)} 1 A 192.0.2.1`, 1, 'more than 255 octets'],
    ['$GENERATE 1-9 a$ A 192.0.2.$', 1, '$GENERATE is not understood'],
    ['$WHAT', 1, '$WHAT is no directive'],
    ['$TTL', 1, 'a time is missing'],
    ['$TTL 5 5', 1, "'5' is too much"],
    ['$TTL 9999999999', 1, 'does not fit 32 bits'],
    ['$INCLUDE other.zone', 1, "'other.zone' cannot be included: no such file"],
    ['$INCLUDE /etc/passwd', 1, 'absolute'],
    ['$INCLUDE ../other.zone', 1, 'leads out of the folder'],
    ['\n$INCLUDE ./test.zone', 2, "'test.zone' includes itself"],
  ])('refuses %j in line %i: %s', (text, line, why) => {
    expect(() => lines(text)).toThrow(expect.objectContaining({ name: 'MasterFileError', file, line }))
    expect(() => lines(text)).toThrow(why)
  })

  it('says what is wrong in an included file by its name and line', () => {
    const wrong = () => lines('$INCLUDE a/b.zone', { 'a/b.zone': '\n\nx 1 A y' })
    expect(wrong).toThrow(MasterFileError)
    expect(wrong).toThrow("a/b.zone:3: 'y' is no IPv4 address")
  })

  it('includes files eight deep, and none in a circle', () => {
    const chain = (depth: number) => {
      const files: [string, string][] = Array.from({ length: depth }, (_, i) => [`${i}`, `$INCLUDE ${i + 1}`])
      return Object.fromEntries([...files, [`${depth}`, 'a 1 A 192.0.2.1']])
    }
    expect(lines('$INCLUDE 1', chain(8))).toHaveLength(1)
    expect(() => lines('$INCLUDE 1', chain(9))).toThrow('8:1: files include files more than 8 deep')
    expect(() => lines('$INCLUDE 1', { 1: '$INCLUDE 2', 2: '$INCLUDE 1' })).toThrow("2:1: '1' includes itself")
  })

  it('includes nothing where nobody reads files', () => {
    expect(() => parseMasterFile('$INCLUDE a', { file })).toThrow('test.zone:1: $INCLUDE is not allowed here')
  })

  it('throws nothing else, whatever the text', () => {
    const word = fc.constantFrom(
      '$TTL',
      '$ORIGIN',
      '$INCLUDE',
      '(',
      ')',
      '"',
      '\\',
      ';',
      '\n',
      ' ',
      '\t',
      '@',
      'A',
      'IN',
      '1',
    )
    const text = fc.array(fc.oneof(word, fc.string({ maxLength: 3 })), { maxLength: 40 }).map(parts => parts.join(''))
    const property = fc.property(text, given => {
      try {
        lines(given)
      } catch (error) {
        if (!(error instanceof MasterFileError)) throw error
      }
    })
    fc.assert(property, { seed: 1035, numRuns: 2000 })
  })
})

describe('includedPath', () => {
  it.each([
    ['a.zone', 'a.zone'],
    ['./a/./b.zone', 'a/b.zone'],
    ['a\\b', 'a/b'],
    ['..a/b..', '..a/b..'],
  ])('%s is %s', (path, found) => {
    expect(includedPath(path)).toBe(found)
  })

  it.each(['', '/a', '\\a', 'C:a', 'a/../../b', '..', 'a\\..\\b', 'a\0b'])('%j is refused', path => {
    expect(() => includedPath(path)).toThrow(expect.objectContaining({ name: 'TextError' }))
  })
})

describe('a record in a line', () => {
  const types = [...rdataTypes.keys()].filter(type => type !== TYPE.OPT)

  it('is read as it was', () => {
    const record = fc.constantFrom(...types, 65280).chain(type =>
      fc.record({
        name: anyName,
        type: fc.constant(type),
        class: fc.constantFrom(CLASS.IN, CLASS.NONE, CLASS.ANY),
        ttl: fc.nat(0xffffffff),
        data: anyRdata(type),
      }),
    )
    const property = fc.property(record, given => {
      expect(plain(recordFromText(recordText(given)))).toEqual(plain(given))
    })
    fc.assert(property, { seed: 1035, numRuns: 1000 })
  })

  it('may lack a TTL and a class, and is relative to an origin', () => {
    expect(recordFromText('WWW A 192.0.2.1 ; comment', 'example.')).toEqual({
      name: 'WWW.example.',
      type: TYPE.A,
      class: CLASS.IN,
      ttl: 0,
      data: { address: '192.0.2.1' },
    })
    expect(canonical(recordFromText('@ NS ns', 'Example.').name)).toBe('example.')
  })

  it.each(['', ' A 192.0.2.1', 'a A 192.0.2.1\nb A 192.0.2.2', '; comment'])('%j is none', line => {
    expect(() => recordFromText(line)).toThrow(expect.objectContaining({ name: 'TextError' }))
  })
})
