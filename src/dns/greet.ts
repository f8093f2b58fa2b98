import type { Hello, Step, TalkOptions } from '../conformance/case.ts'
import { ALIVE } from '../conformance/verdict.ts'
import { octetsOf, settings } from '../http2/build.ts'
import { PREFACE } from '../http2/interpreter.ts'
import type { Transport } from '../machine.ts'
import { put } from './ask.ts'
import { cameText, responseTo } from './expect.ts'
import { framed } from './framing.ts'
import { encodeMessage, QR } from './message.ts'
import { RCODE, TYPE } from './mnemonics.ts'
import { queryFor } from './query.ts'
import type { DnsTalk } from './talk.ts'

const SPEAKS = `${ALIVE} and to speak DNS`

/** What every case against a server begins with: a question for the zone's SOA record, which has to be answered somehow. */
export function greetServer(): Step<DnsTalk> {
  return {
    says: "ask for the zone's SOA record; expect a response that is not FORMERR or NOTIMP",
    async run(talk) {
      put(talk, { type: TYPE.SOA })
      const asked = talk.asked.pop()
      if (asked === undefined) throw new Error('nothing was asked')
      const came = await responseTo(talk, asked)
      if (came.kind !== 'response') return { outcome: 'fail', expected: SPEAKS, came: cameText(came) }
      if (!came.message.qr) return { outcome: 'fail', expected: SPEAKS, came: 'a message that is no response' }
      // Whoever has no zone may refuse, or fail; whoever does not understand the plainest query speaks no DNS.
      const { rcode } = came.message
      const understood = rcode !== RCODE.FORMERR && rcode !== RCODE.NOTIMP
      return { outcome: understood ? 'pass' : 'fail', expected: SPEAKS, came: cameText(came) }
    },
  }
}

const HELLO_ID = 0x4845

/** A question for the zone's SOA record, and any response to it; where HTTP carries it, that HTTP/2 is spoken. */
export function hello(transport: Transport, resources: TalkOptions['resources']): Hello {
  if (transport === 'https') {
    return {
      octets: octetsOf(PREFACE, settings()),
      // SETTINGS comes first. RFC 9113 §3.4
      answeredBy: octets => octets.length >= 9 && octets[3] === 4,
    }
  }
  const query = encodeMessage(queryFor({ name: resources['zone'] ?? '.', type: TYPE.SOA }, { id: HELLO_ID }))
  const start = transport === 'udp' ? 0 : 2
  return {
    octets: transport === 'udp' ? query : framed(query),
    answeredBy(octets) {
      if (octets.length < start + 4) return false
      const [high = 0, low = 0, flags = 0] = octets.subarray(start)
      return high << 8 === (HELLO_ID & 0xff00) && low === (HELLO_ID & 0xff) && ((flags << 8) & QR) !== 0
    },
  }
}
