import { optRecord } from './edns.ts'
import type { Message, ResourceRecord } from './message.ts'
import { CLASS, TYPE } from './mnemonics.ts'
import type { Name } from './name.ts'
import { EMPTY } from './query.ts'

/** The address that a client is to find, and one that it must not. RFC 5737 §3 */
export const GOOD = '192.0.2.1'
export const EVIL = '192.0.2.66'

const TTL = 300

/** A response to a query as a recursive server sends it: its question, and OPT where the query had one. */
export function replyTo(query: Message, more: Partial<Message> = {}): Message {
  const { id, rd, questions } = query
  const opt = query.additional.some(({ type }) => type === TYPE.OPT) ? [optRecord()] : []
  const additional = more.additional ?? opt
  return { ...EMPTY, id, qr: true, rd, ra: true, questions: questions.slice(0, 1), ...more, additional }
}

export function recordOf(name: Name, type: number, data: ResourceRecord['data'], ttl = TTL): ResourceRecord {
  return { name, type, class: CLASS.IN, ttl, data }
}

export function addressOf(name: Name, address: string = GOOD, ttl = TTL): ResourceRecord {
  return recordOf(name, TYPE.A, { address }, ttl)
}

export function aliasOf(name: Name, target: Name): ResourceRecord {
  return recordOf(name, TYPE.CNAME, { name: target })
}

export function serverOf(name: Name, server: Name): ResourceRecord {
  return recordOf(name, TYPE.NS, { name: server })
}

/** What makes an empty answer a negative one. RFC 2308 §2 */
export function soaFor(name: Name): ResourceRecord {
  const times = { serial: 1, refresh: 3600, retry: 900, expire: 604800, minimum: 60 }
  return recordOf(name, TYPE.SOA, { mname: 'ns.example.test.', rname: 'admin.example.test.', ...times })
}
