import { suite } from '../../src/conformance/case.ts'
import { ask } from '../../src/dns/ask.ts'
import { noError, parsed, proper, rcode, records, soaAnswer } from '../../src/dns/checks.ts'
import { check, expect, expectRefusal } from '../../src/dns/expect.ts'
import { authority, ourZone } from '../../src/dns/features.ts'
import { CLASS, OPCODE, RCODE, TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc1035, rfc1996, rfc2136, rfc8906 } from '../../src/dns/rules.ts'

const notImplemented = rcode(RCODE.NOTIMP)

/** What is no data: an error of any kind. RFC 2136 §2.2, RFC 1996 §3.12 */
const anyError = check('an error', response => (response.rcode === 0 ? 'the code is NOERROR' : undefined))

const sameOpcode = check('the opcode of the query', (response, asked) =>
  response.opcode === asked.opcode ? undefined : `opcode ${response.opcode}`,
)

/** A header alone: dig's +header-only. */
const headerOnly = { questions: [] }

/** RFC 2136 §2.5.1, §2.5.3 */
const added = { ...parsed('added.example.test. A 192.0.2.99', '.'), ttl: 60, class: CLASS.IN }
const removed = { name: 'www.example.test.', type: TYPE.ANY, class: CLASS.ANY, ttl: 0, data: new Uint8Array(0) }

export default suite(dns, 'server', 'Opcodes', [
  {
    rule: rfc8906.unknownOpcodeNotImplemented,
    when: 'opcode 15 comes in a header alone',
    steps: [ask({ opcode: 15, ...headerOnly }), expectRefusal({}, notImplemented, sameOpcode)],
  },
  {
    rule: rfc8906.unknownOpcodeNotImplemented,
    when: 'opcode 15 comes with a question',
    steps: [ask({ opcode: 15 }), expectRefusal({}, notImplemented, sameOpcode)],
  },
  {
    rule: rfc8906.unknownOpcodeNotImplemented,
    when: 'opcode 3 comes with a question',
    steps: [ask({ opcode: 3 }), expectRefusal({}, notImplemented, sameOpcode)],
  },
  {
    rule: rfc8906.unknownOpcodeNotImplemented,
    when: 'opcode 7 comes with RD, AD and CD',
    steps: [ask({ opcode: 7, rd: true, ad: true, cd: true }), expectRefusal({}, notImplemented, sameOpcode)],
  },
  {
    rule: rfc8906.unknownOpcodeNotImplemented,
    when: 'opcode 14 comes with EDNS',
    steps: [ask({ opcode: 14, edns: {} }), expectRefusal({}, notImplemented, sameOpcode)],
  },
  {
    rule: rfc8906.headerOnlyAnswered,
    when: 'opcode 15 comes in a header alone',
    steps: [ask({ opcode: 15, ...headerOnly }), expect(sameOpcode)],
  },
  {
    rule: rfc8906.headerOnlyAnswered,
    when: 'opcode 15 comes in a header alone with RD, AD and CD',
    steps: [ask({ opcode: 15, rd: true, ad: true, cd: true, ...headerOnly }), expect(sameOpcode)],
  },
  {
    rule: rfc8906.headerOnlyAnswered,
    when: 'opcode 15 comes in a header alone with every flag set',
    steps: [
      ask({ opcode: 15, aa: true, tc: true, rd: true, ra: true, z: true, ad: true, cd: true, ...headerOnly }),
      expect(sameOpcode),
    ],
  },
  {
    rule: rfc1035.notImplementedOpcode,
    when: 'the server status is asked for',
    steps: [ask({ opcode: OPCODE.STATUS }), expectRefusal({}, notImplemented)],
  },
  {
    rule: rfc1035.notImplementedOpcode,
    when: 'an inverse query comes',
    steps: [
      ask({
        opcode: OPCODE.IQUERY,
        questions: [],
        answers: [parsed('. A 192.0.2.1', '.')],
        what: 'ask which name has the address 192.0.2.1 (IQUERY)',
      }),
      expectRefusal({}, notImplemented),
    ],
  },
  {
    rule: rfc1996.notifyAnswered,
    when: 'a change of the zone is notified by a stranger',
    steps: [ask({ opcode: OPCODE.NOTIFY, aa: true }), expect(sameOpcode)],
  },
  {
    rule: rfc2136.updateAnswered,
    when: 'an update comes from a stranger',
    needs: [authority],
    steps: [
      ask({ opcode: OPCODE.UPDATE, authority: [added], what: 'add a record to the zone (UPDATE)' }),
      expect(sameOpcode, anyError),
    ],
  },
  {
    rule: rfc2136.updateNotDone,
    when: 'an update is refused',
    needs: [ourZone],
    steps: [
      ask({ opcode: OPCODE.UPDATE, authority: [removed], what: 'remove all of www from the zone (UPDATE)' }),
      expect(sameOpcode, anyError),
      ask({ name: 'www', type: TYPE.A }),
      expect(proper, noError, records('answers', 'www A 192.0.2.1')),
    ],
  },
  {
    rule: rfc8906.zoneServed,
    when: 'an unknown opcode came before',
    steps: [ask({ opcode: 15, ...headerOnly }, {}), expect(proper, noError, soaAnswer)],
  },
])
