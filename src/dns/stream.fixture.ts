import type { Endpoint } from '../machine.ts'
import { decode } from '../wire/whole.ts'
import type { Edns } from './edns.ts'
import { framed, Unframer } from './framing.ts'
import { parseMasterFile } from './master-file.ts'
import { encodeMessage, type Message, message, type ResourceRecord } from './message.ts'
import { queryFor } from './query.ts'
import { dnsServer, type ServerOptions } from './subject.ts'
import { zoneOf } from './zone.ts'

/** A small zone, with one name that has a long answer. */
export const SMALL_ZONE = zoneOf(
  parseMasterFile(
    `$ORIGIN zone.test.
$TTL 300
@ SOA ns1 host 7 3600 600 86400 60
@ NS ns1
ns1 A 192.0.2.1
www A 192.0.2.2
Long TXT ${'x'.repeat(250)} ${'y'.repeat(250)} ${'z'.repeat(250)}
sub NS ns.sub
ns.sub A 192.0.2.3
`,
    { file: 'small.zone' },
  ),
)

export function smallServer(options: Partial<ServerOptions> = {}) {
  return dnsServer({ zones: [SMALL_ZONE], secret: new Uint8Array(16), ...options })
}

/** A query with its length before it. */
export function asked(
  name: string,
  type: number,
  more: { readonly id?: number; readonly edns?: Partial<Edns>; readonly authority?: readonly ResourceRecord[] } = {},
): Uint8Array {
  return framed(encodeMessage(queryFor({ name: `${name}zone.test.`, type }, { id: 1, ...more })))
}

/** What an endpoint has to say now: messages, and whether it closes. */
export function said(endpoint: Endpoint): { readonly messages: Message[]; readonly closed: boolean } {
  const output = endpoint.transmit()
  const unframer = new Unframer()
  const messages = output.flatMap(one => (one === 'close' ? [] : unframer.push(one)))
  return { messages: messages.map(one => decode(message, one)), closed: output.at(-1) === 'close' }
}
