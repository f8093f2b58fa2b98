import type { Feature, Step } from '../../src/conformance/case.ts'
import type { Finding } from '../../src/conformance/verdict.ts'
import { type Ask, put } from '../../src/dns/ask.ts'
import { recordLine } from '../../src/dns/describe.ts'
import { fullRcode } from '../../src/dns/edns.ts'
import { exampleZone } from '../../src/dns/example-zone.ts'
import { phrase } from '../../src/dns/expect.ts'
import type { Message, ResourceRecord } from '../../src/dns/message.ts'
import { rcodes, TYPE } from '../../src/dns/mnemonics.ts'
import { sameName } from '../../src/dns/name.ts'
import type { DnsTalk } from '../../src/dns/talk.ts'
import { another } from './connections.ts'

/** What came of one query for a zone. */
export interface Transferred {
  readonly messages: readonly Message[]
  /** Of the answers of all messages, in order. */
  readonly records: readonly ResourceRecord[]
  /** `whole`: the last record is an SOA record again. `one`: an SOA record and no more. */
  readonly how: 'whole' | 'one' | 'error' | 'end' | 'silence'
}

/** What a transfer has to be like. */
export interface TransferCheck {
  readonly says: string
  fault(transferred: Transferred, asked: Message): string | undefined
}

export const transferCheck = (says: string, fault: TransferCheck['fault']): TransferCheck => ({ says, fault })

const known = (record: ResourceRecord | undefined) => record?.type === TYPE.SOA

/** What is there of a transfer by now. */
function gathered(talk: DnsTalk, asked: Message): Transferred {
  const messages = talk.seen.flatMap(seen =>
    seen.kind === 'message' && seen.message.id === asked.id ? [seen.message] : [],
  )
  const records = messages.flatMap(({ answers }) => answers)
  const failed = messages.some(one => fullRcode(one) !== 0)
  const whole = records.length > 1 && known(records.at(-1))
  return { messages, records, how: failed ? 'error' : whole ? 'whole' : 'silence' }
}

/**
 * Waits for a transfer to come to its end. An SOA record alone may be all there is: a query behind it, when that is answered,
 * shows so, `alone` being the count of answers after which nothing more is waited for.
 */
export async function transferred(talk: DnsTalk, asked: Message): Promise<Transferred> {
  let barrier: number | undefined
  for (;;) {
    const now = gathered(talk, asked)
    if (now.how !== 'silence') return now
    if (now.records.length === 1 && known(now.records[0]) && barrier === undefined) {
      barrier = talk.freshId()
      put(talk, { id: barrier, type: TYPE.SOA })
      talk.asked.pop()
    }
    const seen = await talk.next()
    if (seen.kind === 'end') return { ...gathered(talk, asked), how: 'end' }
    if (seen.kind === 'silence') return { ...gathered(talk, asked), how: 'silence' }
    if (seen.kind === 'message' && seen.message.id === barrier) {
      const then = gathered(talk, asked)
      if (then.records.length === 1) return { ...then, how: 'one' }
    }
  }
}

/** What came, in a few words. */
function cameText({ messages, records, how }: Transferred): string {
  const so = `${records.length} records in ${messages.length} messages`
  if (how === 'whole') return so
  if (how === 'one') return 'an SOA record alone'
  if (how === 'error') return `${rcodes.text(fullRcode(messages.at(-1) as Message))} after ${so}`
  return `${how === 'end' ? 'the end of the connection' : 'silence'} after ${so}`
}

/** Expects each query for a zone that was asked so far to be answered by a transfer that passes all checks. */
export function expectTransfer(...checks: readonly TransferCheck[]): Step<DnsTalk> {
  const expected = phrase(['a whole transfer', ...checks.map(({ says }) => says)])
  return {
    says: `expect ${expected}`,
    async run(talk): Promise<Finding> {
      let came = ''
      for (const asked of talk.asked.filter(({ questions: [one] }) => one?.type === TYPE.AXFR)) {
        const all = await transferred(talk, asked)
        came = cameText(all)
        const faults = all.how === 'whole' ? checks.flatMap(one => one.fault(all, asked) ?? []) : ['it is not whole']
        if (faults.length > 0) return { outcome: 'fail', expected, came: `${came}: ${phrase(faults)}` }
      }
      return { outcome: 'pass', expected, came }
    },
  }
}

/** A check of each message, with its number from 0. */
export function eachMessage(
  says: string,
  fault: (message: Message, number: number, asked: Message) => string | undefined,
): TransferCheck {
  return transferCheck(says, ({ messages }, asked) => {
    for (const [i, one] of messages.entries()) {
      const found = fault(one, i, asked)
      if (found !== undefined) return `message ${i + 1}: ${found}`
    }
    return undefined
  })
}

/** The records of our zone that pass a test, as they are in its file, each of them there. */
export function zoneRecords(says: string, wanted: (record: ResourceRecord) => boolean): TransferCheck {
  return transferCheck(says, ({ records }) => {
    const given = new Set(records.map(lineOf))
    const missing = exampleZone()
      .records.filter(wanted)
      .map(lineOf)
      .filter(line => !given.has(line))
    return missing.length === 0 ? undefined : `${missing.length} are missing, the first of them ${missing[0]}`
  })
}

/** No records but those of our zone. */
export const noOthers: TransferCheck = transferCheck('no records that are not of the zone', ({ records }) => {
  const ours = new Set(exampleZone().records.map(lineOf))
  const others = records.map(lineOf).filter(line => !ours.has(line))
  return others.length === 0 ? undefined : `${others.length} others, the first of them ${others[0]}`
})

/** A record in text, in lower case: names are compared so. */
export function lineOf(record: ResourceRecord): string {
  return recordLine(record).toLowerCase()
}

export function isAtApex({ name }: ResourceRecord): boolean {
  return sameName(name, exampleZone().apex)
}

function zoneFeature(name: string, one: Ask): Feature<DnsTalk> {
  return {
    name,
    async probe(talk) {
      try {
        const stream = await another(talk, 'tcp')
        put(stream, one)
        const came = await transferred(stream, stream.asked[0] as Message)
        stream.channel.destroy()
        // Whatever is wrong with it is for the cases to say.
        const given = stream.seen.some(seen => seen.kind === 'message' && seen.message.answers.length > 0)
        return given && came.how !== 'error' ? undefined : `it gives us none: ${cameText(came)}`
      } catch (thrown) {
        return `it takes no connections: ${thrown instanceof Error ? thrown.message : thrown}`
      }
    },
  }
}

/** It lets us transfer its zone. */
export const transfers: Feature<DnsTalk> = zoneFeature('transfers of the zone', { type: TYPE.AXFR })

/** It knows IXFR. */
export const incremental: Feature<DnsTalk> = zoneFeature('incremental transfers of the zone', {
  type: TYPE.IXFR,
  authority: [exampleZone().soa.records[0] as ResourceRecord],
})
