import type { Connected, Subject } from '../../src/conformance/case.ts'
import { honoursAll } from '../../src/conformance/rule.ts'
import { framed, Unframer } from '../../src/dns/framing.ts'
import type { Message } from '../../src/dns/message.ts'
import { encodeMessage, message } from '../../src/dns/message.ts'
import { RCODE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { EMPTY } from '../../src/dns/query.ts'
import type { Endpoint } from '../../src/machine.ts'
import { Reader } from '../../src/wire/reader.ts'

/** What a degenerate server makes of a message: octets to answer by, none, or the end of the connection. */
type Reaction = (octets: Uint8Array) => Uint8Array | 'close' | undefined

/** A server without sense, over datagrams and streams alike. */
function reacting(react: Reaction): (connected?: Connected) => Endpoint {
  return ({ transport = 'tcp' } = {}) => {
    let out: (Uint8Array | 'close')[] = []
    const unframer = new Unframer()
    return {
      receive(octets) {
        if (octets === 'eof') {
          out.push('close')
          return
        }
        for (const one of transport === 'udp' ? [octets] : unframer.push(octets)) {
          const reaction = react(one)
          if (reaction === 'close') out.push('close')
          else if (reaction) out.push(transport === 'udp' ? reaction : framed(reaction))
        }
      },
      tick() {},
      transmit() {
        const all = out
        out = []
        return all
      },
    }
  }
}

/** Answers each message that can be read as far as its question, by the same thing. */
function saying(more: Partial<Message>): Reaction {
  return octets => {
    const query = queryIn(octets)
    if (query === undefined) return undefined
    return encodeMessage({
      ...EMPTY,
      id: query.id,
      qr: true,
      opcode: query.opcode,
      rd: query.rd,
      questions: query.questions,
      ...more,
    })
  }
}

function queryIn(octets: Uint8Array): Message | undefined {
  try {
    return message.read(new Reader(octets))
  } catch {
    if (octets.length < 12) return undefined
    // The header, at least.
    return { ...EMPTY, id: ((octets[0] ?? 0) << 8) | (octets[1] ?? 0) }
  }
}

const soa = {
  name: 'example.test.',
  type: 6,
  class: 1,
  ttl: 300,
  data: {
    mname: 'ns1.example.test.',
    rname: 'hostmaster.example.test.',
    serial: 1,
    refresh: 3600,
    retry: 600,
    expire: 86_400,
    minimum: 60,
  },
}

const servers: Readonly<Record<string, Reaction>> = {
  'says nothing': () => undefined,
  'hangs up': () => 'close',
  'sends back what comes': octets => octets,
  'sends back what comes as a response': octets => {
    const copy = Uint8Array.from(octets)
    if (copy.length > 2) copy[2] = (copy[2] as number) | 0x80
    return copy
  },
  'answers by garbage': octets => Uint8Array.of(...octets.subarray(0, 2), 0x80, 0, 0, 9, 0, 9, 0, 9, 0, 9, 0xff),
  'answers another query': octets => {
    const query = queryIn(octets)
    return query && encodeMessage({ ...EMPTY, id: (query.id + 0x55) & 0xffff, qr: true, questions: query.questions })
  },
  'refuses everything': saying({ rcode: RCODE.REFUSED }),
  'understands nothing': saying({ rcode: RCODE.FORMERR }),
  'can do nothing': saying({ rcode: RCODE.NOTIMP }),
  'fails at everything': saying({ rcode: RCODE.SERVFAIL }),
  'says that nothing exists': saying({ rcode: RCODE.NXDOMAIN, aa: true, authority: [soa] }),
  'has nothing to say': saying({ aa: true, authority: [soa] }),
  'answers everything by SOA': saying({ aa: true, answers: [soa] }),
  'truncates everything': saying({ aa: true, tc: true }),
}

/** Servers that nobody should praise. */
export const degenerateServers: Readonly<Record<string, Subject>> = Object.fromEntries(
  Object.entries(servers).map(([name, react]) => [name, { connect: reacting(react) }]),
)

/** One that works until it has answered so many queries, then says nothing any more. */
export function dyingAfter(queries: number): Subject {
  const inner = dns.subject('server', honoursAll)
  return {
    connect(connected) {
      const endpoint = inner.connect(connected)
      let left = queries
      return {
        receive(octets, now) {
          if (left-- > 0) endpoint.receive(octets, now)
        },
        tick: now => endpoint.tick(now),
        transmit: () => endpoint.transmit(),
        get deadline() {
          return endpoint.deadline
        },
      }
    },
  }
}
