import { suite } from '../../src/conformance/case.ts'
import { ask } from '../../src/dns/ask.ts'
import { atMost, noError, notTruncated, opt, plainRecords, proper, truncated } from '../../src/dns/checks.ts'
import { check, expect } from '../../src/dns/expect.ts'
import { authority, ednsSupport, ourZone } from '../../src/dns/features.ts'
import { TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc1035, rfc2181, rfc3225, rfc6891, rfc7766, rfc8906 } from '../../src/dns/rules.ts'

const udp = { opening: { transport: 'udp' as const } }
const tcp = { opening: { transport: 'tcp' as const } }
const needs = [ourZone]
const needsEdns = [ourZone, ednsSupport]

/** All of a set of so many records. */
const whole = (count: number) =>
  check(`all ${count} records`, response => {
    const found = plainRecords(response, 'answers').length
    return found === count ? undefined : `${found} records`
  })

/** TC, and OPT where there was one. */
const cut = check('TC set', response => (response.tc ? undefined : 'TC is clear'))

export default suite(dns, 'server', 'Sizes', [
  {
    rule: rfc1035.datagramLimit,
    when: 'an answer is longer than 512 octets and the query has no EDNS',
    ...udp,
    needs,
    steps: [ask({ name: 'size600', type: TYPE.TXT }), expect(proper, atMost(512))],
  },
  {
    rule: rfc1035.truncationSet,
    when: 'an answer is longer than 512 octets and the query has no EDNS',
    ...udp,
    needs,
    steps: [ask({ name: 'size600', type: TYPE.TXT }), expect(proper, cut)],
  },
  {
    rule: rfc1035.truncationSet,
    when: 'an answer is longer than 4096 octets and the query names 4096',
    ...udp,
    needs: needsEdns,
    steps: [ask({ name: 'size5000', type: TYPE.TXT, edns: { size: 4096 } }), expect(proper, cut)],
  },
  {
    rule: rfc6891.sizeHonoured,
    when: 'an answer of 600 octets would do and the query names 512',
    ...udp,
    needs: needsEdns,
    steps: [ask({ name: 'size600', type: TYPE.TXT, edns: { size: 512 } }), expect(proper, atMost(512), cut)],
  },
  {
    rule: rfc6891.sizeHonoured,
    when: 'an answer of 600 octets would do and the query names 550',
    ...udp,
    needs: needsEdns,
    steps: [ask({ name: 'size600', type: TYPE.TXT, edns: { size: 550 } }), expect(proper, atMost(550), cut)],
  },
  {
    rule: rfc6891.smallSizeIs512,
    when: 'the query names 100 and an answer of 150 octets would do',
    ...udp,
    needs: needsEdns,
    steps: [ask({ name: 'many', type: TYPE.A, edns: { size: 100 } }), expect(proper, noError, notTruncated, whole(4))],
  },
  {
    rule: rfc6891.smallSizeIs512,
    when: 'the query names a size of zero and an answer of 150 octets would do',
    ...udp,
    needs: needsEdns,
    steps: [ask({ name: 'many', type: TYPE.A, edns: { size: 0 } }), expect(proper, noError, notTruncated, whole(4))],
  },
  {
    rule: rfc6891.optInTruncated,
    when: 'an answer is truncated',
    ...udp,
    needs: needsEdns,
    steps: [ask({ name: 'size600', type: TYPE.TXT, edns: { size: 512 } }), expect(proper, truncated, opt)],
  },
  {
    rule: rfc3225.dnssecOkAnswered,
    when: 'the keys of the zone are asked for with DO and a size of 512',
    ...udp,
    needs: [authority, ednsSupport],
    steps: [ask({ type: TYPE.DNSKEY, edns: { size: 512, dnssecOk: true } }), expect(proper, noError, atMost(512), opt)],
  },
  {
    rule: rfc3225.dnssecOkAnswered,
    when: 'the keys of the zone are asked for over TCP with DO and a size of 512',
    ...tcp,
    needs: [authority, ednsSupport],
    steps: [
      ask({ type: TYPE.DNSKEY, edns: { size: 512, dnssecOk: true } }),
      expect(proper, noError, notTruncated, opt),
    ],
  },
  {
    rule: rfc2181.wholeSets,
    when: 'an answer is longer than the datagram may be',
    ...udp,
    needs,
    steps: [
      ask({ name: 'size600', type: TYPE.TXT }),
      expect(
        proper,
        check('all records, or TC', response =>
          response.tc || plainRecords(response, 'answers').length === 3 ? undefined : 'some records without TC',
        ),
      ),
    ],
  },
  {
    rule: rfc2181.truncationOnlyForNeeded,
    when: 'the answer fits into 512 octets and what would help does not',
    ...udp,
    needs,
    steps: [ask({ name: 'crowd', type: TYPE.MX }), expect(proper, noError, notTruncated, whole(10))],
  },
  {
    rule: rfc1035.truncationClearWhenWhole,
    when: 'an answer of 600 octets comes over TCP',
    ...tcp,
    needs,
    steps: [ask({ name: 'size600', type: TYPE.TXT }), expect(proper, noError, notTruncated, whole(3))],
  },
  {
    rule: rfc8906.ednsOverTcp,
    when: 'an answer of 5000 octets is asked for over TCP with a size of 512',
    ...tcp,
    needs: needsEdns,
    steps: [
      ask({ name: 'size5000', type: TYPE.TXT, edns: { size: 512 } }),
      expect(proper, noError, notTruncated, whole(26), opt),
    ],
  },
  {
    rule: rfc6891.sizeNotForStreams,
    when: 'an answer of 20000 octets is asked for over TCP with a size of 1232',
    ...tcp,
    needs: needsEdns,
    steps: [
      ask({ name: 'size20000', type: TYPE.TXT, edns: { size: 1232 } }),
      expect(proper, noError, notTruncated, whole(100), opt),
    ],
  },
  {
    rule: rfc7766.tcpServed,
    when: 'a truncated answer is asked for again over TCP',
    ...tcp,
    needs,
    steps: [ask({ name: 'size1400', type: TYPE.TXT }), expect(proper, noError, notTruncated, whole(7))],
  },
])
