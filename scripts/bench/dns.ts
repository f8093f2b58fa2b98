import { createRequire } from 'node:module'
import { encodeMessage, message } from '../../src/dns/message.ts'
import { Reader } from '../../src/wire/reader.ts'
import { atLeast, atMost, type Figure, runPart } from './figure.ts'
import { allocated, sideBySide } from './side-by-side.ts'

/** The part of dns-packet that we run against. It has no types of its own. */
interface DnsPacket {
  readonly RECURSION_DESIRED: number
  readonly AUTHORITATIVE_ANSWER: number
  encode(packet: object): Uint8Array
  decode(octets: Uint8Array): { readonly answers: readonly unknown[] }
}

const dnsPacket = createRequire(import.meta.url)('dns-packet') as DnsPacket

const questions = [{ type: 'A', name: 'www.example.com', class: 'IN' }]

/** What they take. Ours is made of the octets of theirs, so that both are about the same. */
const PACKETS = {
  query: { type: 'query', id: 1, flags: dnsPacket.RECURSION_DESIRED, questions },
  response: {
    type: 'response',
    id: 1,
    flags: dnsPacket.RECURSION_DESIRED | dnsPacket.AUTHORITATIVE_ANSWER,
    questions,
    answers: [1, 2, 3, 4].map(host => ({ ...questions[0], ttl: 300, data: `192.0.2.${host}` })),
    additionals: [{ type: 'OPT', name: '.', udpPayloadSize: 1232, flags: 0, options: [] }],
  },
}

/** A figure for speed, and one for memory: no more than theirs. */
async function against(name: string, ours: () => unknown, theirs: () => unknown): Promise<Figure[]> {
  const [our = 0, their = 1] = await sideBySide([ours, theirs])
  const rates = { ...atLeast(name, our / their, 'times dns-packet', 3), notes: [`${millions(our)} in a second`] }
  return [rates, atMost(`${name}, memory`, allocated(ours), 'octets', allocated(theirs))]
}

function millions(rate: number): string {
  return `${(rate / 1e6).toFixed(2)} million`
}

/** The codec of messages against dns-packet. Theirs does not compress names, so reading is measured with both forms. */
async function* dns(): AsyncGenerator<Figure> {
  console.log(`      node ${process.versions.node}, TypeScript through tsx, one process for both`)
  for (const [kind, packet] of Object.entries(PACKETS)) {
    const full = dnsPacket.encode(packet)
    const value = message.read(new Reader(full))
    // They take nothing but a Buffer.
    const compressed = Buffer.from(encodeMessage(value))
    // Neither may be fast by not doing the work.
    if (dnsPacket.decode(compressed).answers.length !== value.answers.length) throw new Error('they cannot read ours')
    yield* await against(
      `write a ${kind} of ${compressed.length} octets`,
      () => encodeMessage(value),
      () => dnsPacket.encode(packet),
    )
    for (const octets of compressed.length < full.length ? [full, compressed] : [full]) {
      yield* await against(
        `read a ${kind} of ${octets.length} octets`,
        () => message.read(new Reader(octets)),
        () => dnsPacket.decode(octets),
      )
    }
  }
}

await runPart(import.meta.url, dns)
