import { suite } from '../../src/conformance/case.ts'
import { ask } from '../../src/dns/ask.ts'
import {
  answers,
  authoritative,
  everyRecord,
  holds,
  nameError,
  noAnswer,
  noError,
  proper,
  rcode,
  soaInAuthority,
} from '../../src/dns/checks.ts'
import { check, expect } from '../../src/dns/expect.ts'
import { authority, ourZone } from '../../src/dns/features.ts'
import { RCODE, TYPE, types } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc1034, rfc1035, rfc2181, rfc2308, rfc4592, rfc8020 } from '../../src/dns/rules.ts'

const zone = { needs: [ourZone] }

/** The records of one owner and type are of one TTL. */
const oneTtl = check('one TTL', response => {
  const ttls = new Set(response.answers.map(({ ttl }) => ttl))
  return ttls.size <= 1 ? undefined : `TTLs ${[...ttls].join(' and ')}`
})

const ttl = (seconds: number) =>
  check(`a TTL of ${seconds}`, response =>
    response.answers[0]?.ttl === seconds ? undefined : `a TTL of ${response.answers[0]?.ttl}`,
  )

/** RFC 2308 §3: the lower of the TTL of SOA, here 300, and its minimum, here 60. */
const negativeTtl = check('SOA with a TTL of 60', response => {
  const soa = response.authority.find(({ type }) => type === TYPE.SOA)
  return soa?.ttl === 60 ? undefined : `a TTL of ${soa?.ttl}`
})

const noDuplicates = check('no record twice', response => {
  const told = response.answers.map(({ name, type, data }) => JSON.stringify([name.toLowerCase(), type, data]))
  return new Set(told).size === told.length ? undefined : 'a record twice'
})

export default suite(dns, 'server', 'Answers', [
  ...[
    { name: 'www', type: TYPE.A, lines: ['www A 192.0.2.1'] },
    { name: 'www', type: TYPE.AAAA, lines: ['www AAAA 2001:db8::1'] },
    { name: '@', type: TYPE.MX, lines: ['@ MX 10 mail'] },
    { name: '@', type: TYPE.NS, lines: ['@ NS ns1', '@ NS ns2'] },
    { name: 'txt', type: TYPE.TXT, lines: ['txt TXT "one" "two" ""'] },
    { name: '_sip._udp', type: TYPE.SRV, lines: ['_sip._udp SRV 1 2 5060 www'] },
    {
      name: 'naptr',
      type: TYPE.NAPTR,
      lines: ['naptr NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@example.test!" .'],
    },
    { name: 'svc', type: TYPE.HTTPS, lines: ['svc HTTPS 1 . alpn="h2,h3" port="8443"'] },
    { name: 'caa', type: TYPE.CAA, lines: ['caa CAA 0 issue "ca.example.net"'] },
  ].map(({ name, type, lines }) => ({
    rule: rfc1034.answersFromZone,
    when: `${types.text(type)} of ${name === '@' ? 'the zone' : name} is asked for`,
    ...zone,
    steps: [ask({ name, type }), expect(proper, noError, authoritative, answers(...lines))],
  })),
  {
    rule: rfc2181.wholeSets,
    when: 'a name has four addresses',
    ...zone,
    steps: [
      ask({ name: 'many', type: TYPE.A }),
      expect(
        proper,
        noError,
        answers('many A 192.0.2.11', 'many A 192.0.2.12', 'many A 192.0.2.13', 'many A 192.0.2.14'),
      ),
    ],
  },
  {
    rule: rfc2181.oneTtlPerSet,
    when: 'a name has four addresses',
    ...zone,
    steps: [ask({ name: 'many', type: TYPE.A }), expect(proper, noError, oneTtl)],
  },
  {
    rule: rfc2181.noDuplicates,
    when: 'a name has four addresses',
    ...zone,
    steps: [ask({ name: 'many', type: TYPE.A }), expect(proper, noError, noDuplicates)],
  },
  {
    rule: rfc2181.ttlPositive,
    when: 'a record has a TTL of an hour',
    ...zone,
    steps: [ask({ name: 'ttl', type: TYPE.A }), expect(proper, noError, ttl(3600))],
  },
  {
    rule: rfc2181.ttlPositive,
    when: 'any record is answered',
    needs: [authority],
    steps: [
      ask({}),
      expect(
        proper,
        everyRecord('TTLs of 31 bits', ({ ttl: seconds }) =>
          seconds < 0x80000000 ? undefined : `a TTL of ${seconds}`,
        ),
      ),
    ],
  },
  {
    rule: rfc1034.additionalAddresses,
    when: 'MX names a host of the zone',
    ...zone,
    steps: [
      ask({ type: TYPE.MX }),
      expect(proper, noError, holds('additional', 'mail A 192.0.2.25', 'mail AAAA 2001:db8::25')),
    ],
  },
  {
    rule: rfc1034.additionalAddresses,
    when: 'NS names hosts of the zone',
    ...zone,
    steps: [
      ask({ type: TYPE.NS }),
      expect(proper, noError, holds('additional', 'ns1 A 127.0.0.1', 'ns1 AAAA ::1', 'ns2 A 127.0.0.2')),
    ],
  },
  {
    rule: rfc1034.additionalAddresses,
    when: 'SRV names a host of the zone',
    ...zone,
    steps: [
      ask({ name: '_sip._udp', type: TYPE.SRV }),
      expect(proper, noError, holds('additional', 'www A 192.0.2.1', 'www AAAA 2001:db8::1')),
    ],
  },
  {
    rule: rfc1034.nameErrorForMissingName,
    when: 'a name does not exist',
    needs: [authority],
    steps: [ask({ name: 'no-such-name', type: TYPE.A }), expect(proper, nameError, authoritative, noAnswer)],
  },
  {
    rule: rfc1034.nameErrorForMissingName,
    when: 'a name below one that has data does not exist',
    ...zone,
    steps: [ask({ name: 'below.www', type: TYPE.A }), expect(proper, nameError, authoritative, noAnswer)],
  },
  {
    rule: rfc1034.nameErrorForMissingName,
    when: 'a name of 20 labels does not exist',
    needs: [authority],
    steps: [ask({ name: 'a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r', type: TYPE.A }), expect(proper, nameError, noAnswer)],
  },
  {
    rule: rfc2308.soaWithNameError,
    when: 'a name does not exist',
    needs: [authority],
    steps: [ask({ name: 'no-such-name', type: TYPE.A }), expect(proper, nameError, soaInAuthority)],
  },
  {
    rule: rfc1034.noDataForMissingType,
    when: 'a name has an address of the other family only',
    ...zone,
    steps: [ask({ name: 'only-v4', type: TYPE.AAAA }), expect(proper, noError, authoritative, noAnswer)],
  },
  {
    rule: rfc2308.soaWithNoData,
    when: 'a name has an address of the other family only',
    ...zone,
    steps: [ask({ name: 'only-v4', type: TYPE.AAAA }), expect(proper, noError, noAnswer, soaInAuthority)],
  },
  {
    rule: rfc2181.soaInNegativeAnswers,
    when: 'a name does not exist',
    needs: [authority],
    steps: [ask({ name: 'no-such-name', type: TYPE.TXT }), expect(proper, soaInAuthority)],
  },
  {
    rule: rfc2308.negativeTtl,
    when: 'a name does not exist',
    ...zone,
    steps: [ask({ name: 'no-such-name', type: TYPE.A }), expect(proper, nameError, negativeTtl)],
  },
  {
    rule: rfc2308.negativeTtl,
    when: 'a name has no records of the type',
    ...zone,
    steps: [ask({ name: 'only-v4', type: TYPE.AAAA }), expect(proper, noError, negativeTtl)],
  },
  {
    rule: rfc4592.emptyNonTerminalExists,
    when: 'a name has only others below it',
    ...zone,
    steps: [ask({ name: 'ent', type: TYPE.A }), expect(proper, noError, authoritative, noAnswer, soaInAuthority)],
  },
  {
    rule: rfc8020.nameErrorMeansNothingBelow,
    when: 'a name has only others below it, two labels on',
    ...zone,
    steps: [
      ask({ name: 'ent', type: TYPE.TXT }, { name: 'b.ent', type: TYPE.TXT }),
      expect(proper, noError, noAnswer, soaInAuthority),
    ],
  },
  {
    rule: rfc1034.notAuthoritativeRefused,
    when: 'a name of no zone of its own is asked for',
    needs: [authority],
    steps: [ask({ name: 'www.example.net.', type: TYPE.A }), expect(notOurs(), noAnswer)],
  },
  {
    rule: rfc1034.notAuthoritativeRefused,
    when: 'the root is asked for',
    needs: [authority],
    steps: [ask({ name: '.', type: TYPE.SOA }), expect(notOurs(), noAnswer)],
  },
  {
    rule: rfc1034.notAuthoritativeRefused,
    when: 'the parent of the zone is asked for',
    ...zone,
    steps: [ask({ name: 'test.', type: TYPE.NS }), expect(notOurs(), noAnswer)],
  },
  {
    rule: rfc1035.pointersWellFormed,
    when: 'an answer has many names in it',
    needs: [authority],
    steps: [
      ask({ type: TYPE.NS, edns: { size: 4096 } }),
      expect(
        proper,
        check('names that can be read', response => (response.qr ? undefined : 'no response')),
      ),
    ],
  },
])

/** REFUSED, or an upward referral, which was right once: RFC 1034 §4.3.2. What is not ours is not denied either. */
function notOurs() {
  return rcode(RCODE.REFUSED, RCODE.NOTAUTH, RCODE.SERVFAIL)
}
