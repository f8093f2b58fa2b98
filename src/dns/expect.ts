import type { Step } from '../conformance/case.ts'
import type { Finding, Outcome } from '../conformance/verdict.ts'
import { put } from './ask.ts'
import { headerLine } from './describe.ts'
import { fullRcode } from './edns.ts'
import type { Message } from './message.ts'
import { RCODE, rcodes, TYPE } from './mnemonics.ts'
import type { DnsTalk, Seen } from './talk.ts'

/** What came of one query. */
export type Came =
  | { readonly kind: 'response'; readonly message: Message; readonly octets: Uint8Array; readonly seen: Seen }
  /** Later queries were answered and this one was not. */
  | { readonly kind: 'nothing' }
  /** Nothing at all came any more, not even answers to later queries. */
  | { readonly kind: 'silence' }
  /** A response whose header can be read, and nothing behind it. */
  | { readonly kind: 'garbled'; readonly rcode: number; readonly why: string }
  | { readonly kind: 'end'; readonly why: string }
  | { readonly kind: 'http'; readonly status: number }

/** What a response has to be like. */
export interface Check {
  /** `the code NXDOMAIN` */
  readonly says: string
  /** What is wrong with a response, as a phrase; undefined where it is as it should be. */
  fault(response: Message, asked: Message, talk: DnsTalk, octets: Uint8Array): string | undefined
}

/** A check made of a phrase and a test. */
export function check(says: string, fault: Check['fault']): Check {
  return { says, fault }
}

/** Questions that show that all before them were taken in. Asked twice, as a server may have several hands. */
const BARRIERS = 2

/**
 * Waits for the response to a query, by its identifier. A query that is not answered is told from one that is slow by
 * queries behind it: when these have been answered it will not be.
 */
export async function responseTo(talk: DnsTalk, asked: Message): Promise<Came> {
  for (let round = 0; round <= BARRIERS; round++) {
    const known = answered(talk, asked)
    if (known) return known
    const barrier = addBarrier(talk)
    for (;;) {
      const seen = await talk.next()
      if (seen.kind === 'silence') return { kind: 'silence' }
      if (seen.kind === 'end') return answered(talk, asked) ?? { kind: 'end', why: endText(seen) }
      const came = answered(talk, asked)
      if (came) return came
      if (seen.kind === 'message' && seen.message.id === barrier) break
      if (seen.kind === 'http' && talk.seen.filter(one => one.kind === 'http').length > BARRIERS) break
    }
  }
  const garbled = talk.seen.find(seen => seen.kind === 'garbled' && headerOf(seen.octets)?.id === asked.id)
  if (garbled?.kind === 'garbled') {
    return { kind: 'garbled', rcode: headerOf(garbled.octets)?.rcode ?? 0, why: garbled.error.message }
  }
  const http = talk.seen.find(seen => seen.kind === 'http')
  return http?.kind === 'http' ? { kind: 'http', status: http.http.status } : { kind: 'nothing' }
}

/** Asks for a name that nobody has asked for before, so that no cache answers: its identifier. */
function addBarrier(talk: DnsTalk): number {
  const id = talk.freshId()
  put(talk, { id, name: `barrier-${id.toString(16)}`, type: TYPE.A })
  talk.asked.pop()
  return id
}

function answered(talk: DnsTalk, asked: Message): Came | undefined {
  const seen = talk.seen.find(one => one.kind === 'message' && one.message.id === asked.id)
  return seen?.kind === 'message' ? { kind: 'response', message: seen.message, octets: seen.octets, seen } : undefined
}

function endText({ how, why }: Extract<Seen, { kind: 'end' }>): string {
  const what = how === 'eof' ? 'the end of the connection' : 'a broken connection'
  return why === '' ? what : `${what}: ${why}`
}

/** Identifier and code of a response that need not be whole. RFC 1035 §4.1.1 */
function headerOf(octets: Uint8Array): { readonly id: number; readonly rcode: number } | undefined {
  const [high, low, flags, more] = octets
  if (high === undefined || low === undefined || flags === undefined || more === undefined) return undefined
  return flags < 0x80 ? undefined : { id: (high << 8) | low, rcode: more & 0xf }
}

/** What came, in a few words. */
export function cameText(came: Came): string {
  switch (came.kind) {
    case 'response':
      return headerLine(came.message)
    case 'nothing':
      return 'no answer, while later queries were answered'
    case 'silence':
      return 'silence'
    case 'garbled':
      return `${rcodes.text(came.rcode)} in a header, behind which is no message: ${came.why}`
    case 'http':
      return `HTTP status ${came.status}`
    case 'end':
      return came.why
  }
}

/** Expects a response to the last query that passes all checks. */
export function expect(...checks: readonly Check[]): Step<DnsTalk> {
  const expected = `a response with ${phrase(checks.map(({ says }) => says))}`
  return {
    says: `expect ${expected}`,
    async run(talk) {
      const asked = lastAsked(talk)
      const came = await responseTo(talk, asked)
      if (came.kind !== 'response') return { outcome: 'fail', expected, came: cameText(came) }
      return judged(expected, checks, came, asked, talk)
    },
  }
}

/** Expects that each of all queries asked so far is answered by a response that passes all checks. */
export function expectEach(...checks: readonly Check[]): Step<DnsTalk> {
  const expected = `responses to each query, with ${phrase(checks.map(({ says }) => says))}`
  return {
    says: `expect ${expected}`,
    async run(talk) {
      const asked = [...talk.asked]
      for (const [at, one] of asked.entries()) {
        const came = await responseTo(talk, one)
        const which = asked.length > 1 ? `query ${at + 1} of ${asked.length}: ` : ''
        if (came.kind !== 'response') return { outcome: 'fail', expected, came: which + cameText(came) }
        const finding = judged(expected, checks, came, one, talk)
        if (finding.outcome !== 'pass') return { ...finding, came: which + finding.came }
      }
      return { outcome: 'pass', expected, came: 'each was answered so' }
    },
  }
}

/** How else a query may be met than by the response that is wanted. */
export interface Otherwise {
  /** The query got no answer, while others do. */
  readonly nothing?: Outcome
  /** A response that is not as wanted, but neither an answer to the question. */
  readonly otherError?: Outcome
  /** The connection was ended. */
  readonly end?: Outcome
}

/**
 * Expects a query to be refused by a response that passes the checks. What else refuses it is weak unless said; an answer
 * as if nothing were wrong fails.
 */
export function expectRefusal(otherwise: Otherwise, ...checks: readonly Check[]): Step<DnsTalk> {
  const { nothing = 'weak', otherError = 'weak', end = 'weak' } = otherwise
  const expected = `a response with ${phrase(checks.map(({ says }) => says))}${nothing === 'pass' ? ', or none' : ''}`
  return {
    says: `expect ${expected}`,
    async run(talk) {
      const asked = lastAsked(talk)
      const came = await responseTo(talk, asked)
      const said = { expected, came: cameText(came) }
      if (came.kind === 'nothing') return { outcome: nothing, ...said }
      if (came.kind === 'end' || came.kind === 'http') return { outcome: end, ...said }
      // It refuses, but by something that is no message.
      if (came.kind === 'garbled' && refuses(came.rcode)) return { outcome: 'weak', ...said }
      if (came.kind !== 'response') return { outcome: 'fail', ...said }
      const finding = judged(expected, checks, came, asked, talk)
      return finding.outcome === 'fail' && refuses(fullRcode(came.message))
        ? { ...finding, outcome: otherError }
        : finding
    },
  }
}

/** NXDOMAIN and NOERROR are answers. */
function refuses(rcode: number): boolean {
  return rcode !== RCODE.NOERROR && rcode !== RCODE.NXDOMAIN
}

/** Expects no response to the last query, while others are answered. */
export function expectNothing(): Step<DnsTalk> {
  const expected = 'no response to it, while later queries are answered'
  return {
    says: `expect ${expected}`,
    async run(talk) {
      const came = await responseTo(talk, lastAsked(talk))
      // Whoever ends the connection, or says by HTTP that it is no query, gives no response either.
      const none = came.kind === 'nothing' || came.kind === 'end' || came.kind === 'http'
      return { outcome: none ? 'pass' : 'fail', expected, came: cameText(came) }
    },
  }
}

function lastAsked(talk: DnsTalk): Message {
  const asked = talk.asked.at(-1)
  if (asked === undefined) throw new Error('a case that expects an answer asks first')
  return asked
}

function judged(
  expected: string,
  checks: readonly Check[],
  came: Extract<Came, { kind: 'response' }>,
  asked: Message,
  talk: DnsTalk,
): Finding {
  const faults = checks.flatMap(({ fault }) => fault(came.message, asked, talk, came.octets) ?? [])
  if (faults.length === 0) return { outcome: 'pass', expected, came: headerLine(came.message) }
  return { outcome: 'fail', expected, came: `${headerLine(came.message)}: ${faults.join('; ')}` }
}

/** `a, b and c` */
export function phrase(parts: readonly string[]): string {
  if (parts.length <= 1) return parts[0] ?? 'its identifier'
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
