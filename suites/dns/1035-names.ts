import { suite } from '../../src/conformance/case.ts'
import { ask } from '../../src/dns/ask.ts'
import { answers, nameError, noError, proper } from '../../src/dns/checks.ts'
import { check, expect } from '../../src/dns/expect.ts'
import { authority, ourZone } from '../../src/dns/features.ts'
import { TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc1034, rfc1035, rfc2181, rfc3597, rfc4343 } from '../../src/dns/rules.ts'

const LONG = 'abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0'

/** The question comes back in exactly the case in which it was asked. */
const sameCase = check('the question in its own case', (response, asked) =>
  response.questions[0]?.name === asked.questions[0]?.name ? undefined : `the question ${response.questions[0]?.name}`,
)

export default suite(dns, 'server', 'Names', [
  {
    rule: rfc1034.caseInsensitive,
    when: 'a name is asked for in capital letters',
    needs: [ourZone],
    steps: [ask({ name: 'WWW.EXAMPLE.TEST.', type: TYPE.A }), expect(proper, noError, answers('www A 192.0.2.1'))],
  },
  {
    rule: rfc4343.anyCaseAnswered,
    when: 'a name of the zone in mixed case is asked for in small letters',
    needs: [ourZone],
    steps: [ask({ name: 'case', type: TYPE.A }), expect(proper, noError, answers('case A 192.0.2.31'))],
  },
  {
    rule: rfc4343.anyCaseAnswered,
    when: 'a name is asked for in mixed case',
    needs: [ourZone],
    steps: [ask({ name: 'wWw.ExAmPlE.TeSt.', type: TYPE.A }), expect(proper, noError, answers('www A 192.0.2.1'))],
  },
  {
    rule: rfc4343.questionCasePreserved,
    when: 'a name is asked for in mixed case',
    needs: [authority],
    steps: [ask({ name: 'wWw.eXaMpLe.TeSt.', type: TYPE.A }), expect(proper, sameCase)],
  },
  {
    rule: rfc4343.questionCasePreserved,
    when: 'a name that does not exist is asked for in mixed case',
    needs: [authority],
    steps: [ask({ name: 'No-Such-NAME', type: TYPE.A }), expect(proper, sameCase)],
  },
  {
    rule: rfc4343.zoneCasePreserved,
    when: 'a name of the zone in mixed case is asked for in small letters',
    needs: [ourZone],
    steps: [
      ask({ name: 'case', type: TYPE.A }),
      expect(
        proper,
        check('the owner as asked or as in the zone', response => {
          const [record] = response.answers
          const fine = record && ['case.example.test.', 'CaSe.example.test.'].includes(record.name)
          return fine ? undefined : `the owner ${record?.name}`
        }),
      ),
    ],
  },
  {
    rule: rfc1035.labelLimit,
    when: 'a label of 63 octets is asked for',
    needs: [ourZone],
    steps: [ask({ name: LONG, type: TYPE.A }), expect(proper, noError, answers(`${LONG} A 192.0.2.61`))],
  },
  {
    rule: rfc1035.nameLimit,
    when: 'a name of 255 octets is asked for',
    needs: [authority],
    steps: [
      {
        ...ask({ name: 'a.', type: TYPE.A }),
        says: 'ask for a name of 255 octets in the zone',
        run(talk) {
          return ask({ name: longest(talk.zone), type: TYPE.A }).run(talk)
        },
      },
      expect(proper, nameError),
    ],
  },
  {
    rule: rfc2181.anyOctetsInNames,
    when: 'a label has a dot inside',
    needs: [ourZone],
    steps: [
      ask({ name: 'dot\\.inside', type: TYPE.TXT }),
      expect(proper, noError, answers('dot\\.inside TXT "a dot in a label"')),
    ],
  },
  {
    rule: rfc2181.anyOctetsInNames,
    when: 'a label has a backslash inside',
    needs: [ourZone],
    steps: [
      ask({ name: 'back\\\\slash', type: TYPE.TXT }),
      expect(proper, noError, answers('back\\\\slash TXT "a backslash in a label"')),
    ],
  },
  ...[
    { name: '\\000', what: 'an octet of zero' },
    { name: '\\255\\254', what: 'octets that are no ASCII' },
    { name: 'a\\032b', what: 'a space' },
    { name: '\\195\\188ber', what: 'letters in UTF-8' },
    { name: '\\010\\013', what: 'line ends' },
  ].map(({ name, what }) => ({
    rule: rfc2181.anyOctetsInNames,
    when: `a label has ${what} inside`,
    needs: [authority],
    steps: [ask({ name, type: TYPE.A }), expect(proper, nameError)],
  })),
  {
    rule: rfc3597.unknownTypeServed,
    when: 'a type that nobody knows is in the zone',
    needs: [ourZone],
    steps: [
      ask({ name: 'strange', type: 65_280 }),
      expect(proper, noError, answers('strange TYPE65280 \\# 4 DEADBEEF')),
    ],
  },
  {
    rule: rfc3597.noNamesCompressedInUnknown,
    when: 'the data of a type that nobody knows look like the name of the zone',
    needs: [ourZone],
    steps: [
      ask({ name: 'nameish', type: 65_281 }),
      expect(proper, noError, answers('nameish TYPE65281 \\# 14 076578616D706C65047465737400')),
    ],
  },
  {
    rule: rfc3597.rdataNotCompressed,
    when: 'SRV is answered',
    needs: [ourZone],
    steps: [
      ask({ name: '_sip._udp', type: TYPE.SRV }),
      expect(proper, noError, answers('_sip._udp SRV 1 2 5060 www'), uncompressed(TYPE.SRV)),
    ],
  },
  {
    rule: rfc3597.rdataNotCompressed,
    when: 'DNAME is answered',
    needs: [ourZone],
    steps: [
      ask({ name: 'tree', type: TYPE.DNAME }),
      expect(proper, noError, answers('tree DNAME leaves'), uncompressed(TYPE.DNAME)),
    ],
  },
])

/** A name of 255 octets below a zone whose name has no escapes. */
function longest(zone: string): string {
  let room = 255 - (zone === '.' ? 1 : zone.length + 1)
  let name = ''
  while (room > 1) {
    const length = Math.min(63, room - 1)
    // Never leaves a single octet over, which no label fits.
    const taken = room - length - 1 === 1 ? length - 1 : length
    name += `${'a'.repeat(taken)}.`
    room -= taken + 1
  }
  return name + zone
}

/** RDATA whose names end in the root and not in a pointer. */
function uncompressed(type: number) {
  return check('its names not compressed', (_response, _asked, _talk, octets) => {
    // The first answer follows the question: owner (a pointer or the name again), type, class, TTL, length, RDATA.
    const at = rdataOfFirstAnswer(octets)
    if (at === undefined || at.type !== type) return 'another record first'
    return at.rdata.some((octet, i) => octet >= 0xc0 && i >= at.rdata.length - 2) ? 'a pointer at its end' : undefined
  })
}

function rdataOfFirstAnswer(octets: Uint8Array): { readonly type: number; readonly rdata: Uint8Array } | undefined {
  let at = afterName(octets, 12) + 4
  at = afterName(octets, at)
  if (at + 10 > octets.length) return undefined
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
  const length = view.getUint16(at + 8)
  return { type: view.getUint16(at), rdata: octets.subarray(at + 10, at + 10 + length) }
}

function afterName(octets: Uint8Array, from: number): number {
  let at = from
  while (at < octets.length) {
    const size = octets[at] as number
    if (size === 0) return at + 1
    if (size >= 0xc0) return at + 2
    at += size + 1
  }
  return at
}
