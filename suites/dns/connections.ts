import type { Feature, Step } from '../../src/conformance/case.ts'
import type { Opening } from '../../src/conformance/channel.ts'
import type { Finding } from '../../src/conformance/verdict.ts'
import { type Ask, messageOf, put } from '../../src/dns/ask.ts'
import { exampleZone } from '../../src/dns/example-zone.ts'
import { type Check, check, phrase, responseTo } from '../../src/dns/expect.ts'
import { framed } from '../../src/dns/framing.ts'
import { encodeMessage } from '../../src/dns/message.ts'
import { TYPE } from '../../src/dns/mnemonics.ts'
import { DnsTalk } from '../../src/dns/talk.ts'
import type { Transport } from '../../src/machine.ts'

export const tcp: Opening = { transport: 'tcp' }
export const tls: Opening = { transport: 'tls' }
export const https: Opening = { transport: 'https' }

/** Another connection, or another port for datagrams, to the same server. */
export async function another(talk: DnsTalk, transport: Transport = same(talk)): Promise<DnsTalk> {
  return new DnsTalk(await talk.dial({ transport }), talk.options, talk.dial)
}

/** A stream that has TLS under it is one of TLS. */
function same({ transport, channel }: DnsTalk): Transport {
  return transport === 'tcp' && channel.security ? 'tls' : transport
}

/** Asks on a connection; what is wrong with what came of it. */
export async function faultOf(talk: DnsTalk, one: Ask, ...checks: readonly Check[]): Promise<string | undefined> {
  put(talk, one)
  const asked = talk.asked.at(-1)
  const came = asked && (await responseTo(talk, asked))
  if (asked === undefined || came?.kind !== 'response') return came?.kind ?? 'nothing'
  const faults = checks.flatMap(each => each.fault(came.message, asked, talk, came.octets) ?? [])
  return faults.length === 0 ? undefined : phrase(faults)
}

/** A step that passes where nothing is wrong. */
export function that(expected: string, fault: (talk: DnsTalk) => Promise<string | undefined>): Step<DnsTalk> {
  return {
    says: `expect ${expected}`,
    async run(talk): Promise<Finding> {
      const found = await fault(talk)
      return { outcome: found === undefined ? 'pass' : 'fail', expected, came: found ?? 'that' }
    },
  }
}

/** A query with its length before it, put down as asked. */
export function framedQuery(talk: DnsTalk, one: Ask): Uint8Array {
  const sent = messageOf(one, talk.zone, one.id ?? talk.freshId())
  talk.asked.push(sent)
  return framed(encodeMessage(sent))
}

/** Sends a query in several writes, cut at these offsets of the framed message; negative ones count from its end. */
export function inPieces(one: Ask, how: string, cuts: readonly number[] | 'everywhere'): Step<DnsTalk> {
  return {
    says: `ask for it in pieces: ${how}`,
    async run(talk) {
      const octets = framedQuery(talk, one)
      const all =
        cuts === 'everywhere' ? [...octets.keys()].slice(1) : cuts.map(cut => (cut < 0 ? octets.length : 0) + cut)
      let start = 0
      for (const [at, end] of [...all, octets.length].entries()) {
        talk.addRaw(octets.subarray(start, end))
        start = end
        // Each piece is a segment of its own. Some are given time to be read alone; all of them would be too slow on a busy
        // machine for a server that gives a message half a second. What comes meanwhile is kept.
        if (at < 3 || at % 8 === 0) await talk.next(1)
        else talk.flush()
      }
      return undefined
    },
  }
}

/** It is asked by datagrams too. */
export const datagrams: Feature<DnsTalk> = {
  name: 'datagrams',
  probe: talk => Promise.resolve(talk.transport === 'udp' ? undefined : 'it is not asked by datagrams'),
}

/** How many strings of text a name of our zone has. */
export function allTexts(name: string): Check {
  const zone = exampleZone()
  const wanted = zone.nodes.get(`${name}.${zone.apex}`)?.sets.get(TYPE.TXT)?.records.length
  return check(`all ${wanted} TXT records`, ({ answers }) => {
    const count = answers.filter(({ type }) => type === TYPE.TXT).length
    return count === wanted ? undefined : `${count} TXT records`
  })
}

/** A feature that a question of its own shows. */
export function shownBy(name: string, lack: string, one: Ask, ...checks: readonly Check[]): Feature<DnsTalk> {
  return shownOver(undefined, name, lack, one, ...checks)
}

/** A feature that a question over one transport shows, whatever the peer is asked by usually. */
export function shownOver(
  transport: Transport | undefined,
  name: string,
  lack: string,
  one: Ask,
  ...checks: readonly Check[]
): Feature<DnsTalk> {
  return {
    name,
    async probe(talk) {
      try {
        const fault = await faultOf(transport === undefined ? talk : await another(talk, transport), one, ...checks)
        return fault && `${lack}: ${fault}`
      } catch (thrown) {
        return `${lack}: ${thrown instanceof Error ? thrown.message : thrown}`
      }
    },
  }
}
