import { suite } from '../../src/conformance/case.ts'
import { type Ask, ask } from '../../src/dns/ask.ts'
import { noError, noOption, opt, option, proper } from '../../src/dns/checks.ts'
import { expect } from '../../src/dns/expect.ts'
import { authority, ednsSupport } from '../../src/dns/features.ts'
import { OPTION, TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc5001 } from '../../src/dns/rules.ts'
import { shownBy } from './connections.ts'

const payload = Buffer.from('whoever you are', 'latin1')
const nsid = (data: Uint8Array = new Uint8Array(0)): Ask => ({ edns: { options: [{ code: OPTION.NSID, data }] } })
const identified = option(OPTION.NSID, 'NSID')
const identifies = shownBy('NSID', 'it does not identify itself', nsid(), identified)

/** NSID that is not what the query said. */
const notEchoed = option(OPTION.NSID, 'NSID of its own', data =>
  Buffer.compare(data, payload) === 0 ? 'it is that of the query' : undefined,
)

export default suite(dns, 'server', 'NSID', [
  {
    rule: rfc5001.nsidAnswered,
    when: 'a query asks for it',
    needs: [authority, ednsSupport],
    steps: [ask(nsid()), expect(proper, noError, identified)],
  },
  {
    rule: rfc5001.nsidQueryPayloadIgnored,
    when: 'a query names a server itself',
    needs: [authority, identifies],
    steps: [ask(nsid(payload)), expect(proper, noError, notEchoed)],
  },
  {
    rule: rfc5001.nsidOnlyWhenAsked,
    when: 'a query has OPT and no NSID',
    needs: [authority, ednsSupport],
    steps: [ask({ edns: {} }), expect(proper, noError, opt, noOption(OPTION.NSID))],
  },
  {
    rule: rfc5001.nsidOnlyWhenAsked,
    when: 'a query before it asked for NSID',
    needs: [authority, identifies],
    steps: [
      ask(nsid()),
      expect(identified),
      ask({ type: TYPE.NS, edns: {} }),
      expect(proper, noError, opt, noOption(OPTION.NSID)),
    ],
  },
])
