import { suite } from '../../src/conformance/case.ts'
import { ask } from '../../src/dns/ask.ts'
import {
  answers,
  authoritative,
  either,
  empty,
  holds,
  nameError,
  noError,
  proper,
  rcode,
  records,
  soaInAuthority,
} from '../../src/dns/checks.ts'
import { check, expect } from '../../src/dns/expect.ts'
import { ourZone } from '../../src/dns/features.ts'
import { RCODE, TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc1034, rfc2308, rfc6604, rfc6672 } from '../../src/dns/rules.ts'

const needs = [ourZone]
const LONG = 'abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0'

const ordered = check('the aliases in the order of the chain', response => {
  const names = response.answers.map(({ name }) => name.toLowerCase())
  const chain = ['chain1', 'chain2', 'chain3', 'www'].map(name => `${name}.example.test.`)
  return names.join(' ') === chain.join(' ') ? undefined : `the order ${names.join(' ')}`
})

export default suite(dns, 'server', 'Aliases', [
  {
    rule: rfc1034.aliasFollowed,
    when: 'an alias of a name in the zone is asked for its address',
    needs,
    steps: [
      ask({ name: 'alias', type: TYPE.A }),
      expect(proper, noError, authoritative, answers('alias CNAME www', 'www A 192.0.2.1')),
    ],
  },
  {
    rule: rfc1034.aliasItselfOnRequest,
    when: 'the alias itself is asked for',
    needs,
    steps: [ask({ name: 'alias', type: TYPE.CNAME }), expect(proper, noError, answers('alias CNAME www'))],
  },
  {
    rule: rfc1034.aliasChainFollowed,
    when: 'an alias of an alias of an alias is asked for its address',
    needs,
    steps: [
      ask({ name: 'chain1', type: TYPE.A }),
      expect(
        proper,
        noError,
        answers('chain1 CNAME chain2', 'chain2 CNAME chain3', 'chain3 CNAME www', 'www A 192.0.2.1'),
        ordered,
      ),
    ],
  },
  {
    rule: rfc1034.aliasLoopEnds,
    when: 'two aliases name each other',
    needs,
    steps: [
      ask({ name: 'loop1', type: TYPE.A }),
      expect(
        proper,
        // RFC 1034 §3.6.2 would have a loop signalled as an error.
        either([rcode(RCODE.SERVFAIL)], [holds('answers', 'loop1 CNAME loop2')]),
      ),
    ],
  },
  {
    rule: rfc1034.aliasOutOfZone,
    when: 'an alias names something in no zone of the server',
    needs,
    steps: [
      ask({ name: 'outside', type: TYPE.A }),
      expect(proper, noError, authoritative, answers('outside CNAME www.example.net.')),
    ],
  },
  {
    rule: rfc2308.aliasToNothing,
    when: 'an alias names something that does not exist',
    needs,
    steps: [
      ask({ name: 'dangling', type: TYPE.A }),
      expect(proper, nameError, answers('dangling CNAME nowhere'), soaInAuthority),
    ],
  },
  {
    rule: rfc6604.rcodeOfLastName,
    when: 'an alias names something that does not exist',
    needs,
    steps: [ask({ name: 'dangling', type: TYPE.A }), expect(proper, nameError)],
  },
  {
    rule: rfc2308.soaWithNoData,
    when: 'an alias names something without records of the type',
    needs,
    steps: [
      ask({ name: 'nodata', type: TYPE.AAAA }),
      expect(proper, noError, answers('nodata CNAME only-v4'), soaInAuthority),
    ],
  },
  {
    rule: rfc1034.referralBelowCut,
    when: 'an alias names something below a cut',
    needs,
    steps: [
      ask({ name: 'into-cut', type: TYPE.A }),
      expect(
        proper,
        noError,
        answers('into-cut CNAME host.sub'),
        // A server may leave it to the client to ask for that name.
        either([records('authority', 'sub NS ns.sub')], [empty('authority')]),
      ),
    ],
  },
  {
    rule: rfc6672.dnameRedirects,
    when: 'a name below a DNAME is asked for',
    needs,
    steps: [
      ask({ name: 'a.tree', type: TYPE.A }),
      expect(proper, noError, authoritative, holds('answers', 'tree DNAME leaves')),
    ],
  },
  {
    rule: rfc6672.dnameSynthesizesAlias,
    when: 'a name below a DNAME is asked for',
    needs,
    steps: [
      ask({ name: 'a.tree', type: TYPE.A }),
      expect(proper, noError, holds('answers', 'tree DNAME leaves', 'a.tree CNAME a.leaves')),
    ],
  },
  {
    rule: rfc6672.dnameTargetFollowed,
    when: 'a name below a DNAME is asked for',
    needs,
    steps: [
      ask({ name: 'a.tree', type: TYPE.A }),
      expect(proper, noError, answers('tree DNAME leaves', 'a.tree CNAME a.leaves', 'a.leaves A 192.0.2.72')),
    ],
  },
  {
    rule: rfc6672.dnameSynthesizesAlias,
    when: 'a name three labels below a DNAME is asked for',
    needs,
    steps: [
      ask({ name: 'x.y.z.away', type: TYPE.A }),
      expect(proper, noError, answers('away DNAME example.net.', 'x.y.z.away CNAME x.y.z.example.net.')),
    ],
  },
  {
    rule: rfc6672.dnameAliasTtl,
    when: 'a name below a DNAME is asked for',
    needs,
    steps: [
      ask({ name: 'a.away', type: TYPE.A }),
      expect(
        proper,
        check('an alias with the TTL of DNAME, or zero', response => {
          const alias = response.answers.find(({ type }) => type === TYPE.CNAME)
          return alias?.ttl === 300 || alias?.ttl === 0 ? undefined : `a TTL of ${alias?.ttl}`
        }),
      ),
    ],
  },
  {
    rule: rfc6672.dnameOwnerNotRedirected,
    when: 'another type of the name of a DNAME is asked for',
    needs,
    steps: [ask({ name: 'tree', type: TYPE.A }), expect(proper, noError, answers('tree A 192.0.2.71'))],
  },
  {
    rule: rfc6672.dnameOwnerNotRedirected,
    when: 'a type that the name of a DNAME has not is asked for',
    needs,
    steps: [ask({ name: 'tree', type: TYPE.AAAA }), expect(proper, noError, empty('answers'), soaInAuthority)],
  },
  {
    rule: rfc6672.dnameTooLong,
    when: 'a DNAME would make a name of more than 255 octets',
    needs,
    steps: [
      ask({ name: `${LONG}.far`, type: TYPE.A }),
      expect(proper, rcode(RCODE.YXDOMAIN), holds('answers', `far DNAME ${LONG}.${LONG}.${LONG}.example.net.`)),
    ],
  },
  {
    rule: rfc6604.rcodeOfLastName,
    when: 'a DNAME leads to a name that does not exist',
    needs,
    steps: [
      ask({ name: 'nowhere.tree', type: TYPE.A }),
      expect(proper, nameError, holds('answers', 'nowhere.tree CNAME nowhere.leaves')),
    ],
  },
])
