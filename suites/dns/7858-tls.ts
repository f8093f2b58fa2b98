import { suite } from '../../src/conformance/case.ts'
import { type Ask, ask } from '../../src/dns/ask.ts'
import { answers, nameError, noError, notTruncated, proper } from '../../src/dns/checks.ts'
import { expect, expectEach } from '../../src/dns/expect.ts'
import { ourZone } from '../../src/dns/features.ts'
import { TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc7858 } from '../../src/dns/rules.ts'
import { allTexts, another, faultOf, inPieces, that, tls } from './connections.ts'

const www: Ask = { name: 'www', type: TYPE.A }
const isWww = [proper, noError, answers('www A 192.0.2.1')]
const base = { opening: tls, needs: [ourZone] }

/** Another connection, on which one query is answered, and which is then left in one of two ways. */
const left = (how: 'end' | 'destroy') =>
  that(`another connection to be served, which we then ${how === 'end' ? 'end' : 'drop'}`, async talk => {
    const other = await another(talk)
    const fault = await faultOf(other, www, ...isWww)
    other.channel[how]()
    return fault
  })

export default suite(dns, 'server', 'TLS', [
  { rule: rfc7858.tlsServed, when: 'a query comes over TLS', ...base, steps: [ask(www), expect(...isWww)] },
  {
    rule: rfc7858.tlsServed,
    when: 'a query over TLS asks for a name that does not exist',
    ...base,
    steps: [ask({ name: 'nothing-here', type: TYPE.A }), expect(proper, nameError)],
  },
  {
    rule: rfc7858.tlsMessagesFramed,
    when: 'two answers come over TLS',
    ...base,
    steps: [ask(www, { name: 'size600', type: TYPE.TXT }), expectEach(proper, noError)],
  },
  {
    rule: rfc7858.tlsMessagesFramed,
    when: 'an answer is longer than a TLS record can be',
    ...base,
    steps: [ask({ name: 'size20000', type: TYPE.TXT }), expect(proper, noError, notTruncated, allTexts('size20000'))],
  },
  {
    rule: rfc7858.tlsSplitRead,
    when: 'each octet of a query comes in a record of its own',
    ...base,
    steps: [inPieces(www, 'each octet alone', 'everywhere'), expect(...isWww)],
  },
  {
    rule: rfc7858.tlsSplitRead,
    when: 'the length comes in a record of its own',
    ...base,
    steps: [inPieces(www, 'the length, then the message', [2]), expect(...isWww)],
  },
  {
    rule: rfc7858.tlsConnectionKept,
    when: 'a query comes after another was answered over TLS',
    ...base,
    steps: [ask(), expect(proper, noError), ask(www), expect(...isWww)],
  },
  {
    rule: rfc7858.tlsConnectionReused,
    when: 'ten queries come over TLS, each after the one before was answered',
    ...base,
    steps: Array.from({ length: 10 }, () => [ask(www), expect(...isWww)]).flat(),
  },
  {
    rule: rfc7858.tlsPipelined,
    when: 'ten queries come over TLS in one write',
    ...base,
    steps: [ask(...Array.from({ length: 10 }, () => www)), expectEach(...isWww)],
  },
  {
    rule: rfc7858.tlsPipelined,
    when: 'a long answer is asked for over TLS before short ones',
    ...base,
    steps: [ask({ name: 'size20000', type: TYPE.TXT }, www, www), expectEach(proper, noError, notTruncated)],
  },
  {
    rule: rfc7858.tlsEndSurvived,
    when: 'another connection is ended after an answer',
    ...base,
    steps: [left('end'), ask(www), expect(...isWww)],
  },
])
