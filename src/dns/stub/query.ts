import type { Honours, Rule } from '../../conformance/rule.ts'
import type { Edns } from '../edns.ts'
import { optRecord } from '../edns.ts'
import type { Message, Question, ResourceRecord } from '../message.ts'
import { encodeMessage } from '../message.ts'
import { OPCODE, OPTION, TYPE } from '../mnemonics.ts'
import type { Name } from '../name.ts'
import { queryFor } from '../query.ts'
import { rfc1034, rfc1035, rfc6891, rfc7873, rfc9619 } from '../rules/client.ts'
import type { StubOptions } from './options.ts'
import type { ServerState } from './servers.ts'

/** A query that has gone out. */
export interface Query {
  readonly id: number
  /** The question as it was asked, its case perhaps mixed. */
  readonly question: Question
  readonly octets: Uint8Array
  readonly edns: boolean
  /** The case of its name was left to chance, and should come back as it went. */
  readonly mixed: boolean
  /** It had a server's cookie. */
  readonly withServerCookie: boolean
}

/** Makes the next query for a question. RFC 1035 §4.1.1, RFC 6891 §6.2 */
export function makeQuery(
  question: Question,
  options: StubOptions,
  server: ServerState,
  about: { readonly id: number; readonly edns: boolean },
): Query {
  const { honours, payload, cookies } = options
  const name = options.mixedCase ? mixedCase(question.name, options.entropy(32)) : question.name
  const asked: Question = { ...question, name }
  let edns: Partial<Edns> | undefined
  if (about.edns) {
    const cookie = cookies ? [{ code: OPTION.COOKIE, data: cookieOf(server, honours) }] : []
    edns = { size: payload, options: cookie }
  }
  const plain = queryFor(asked, { id: about.id, rd: honours(rfc1034.recursionDesired), edns })
  let octets = encodeMessage(tampered(plain, honours))
  if (!honours(rfc1035.queryCountsTrue)) octets = Uint8Array.of(...octets, 0)
  return {
    id: about.id,
    question: asked,
    octets,
    edns: about.edns,
    mixed: options.mixedCase,
    withServerCookie: server.serverCookie !== undefined,
  }
}

function cookieOf({ clientCookie, serverCookie }: ServerState, honours: Honours): Uint8Array {
  if (!honours(rfc7873.clientCookieLength)) return clientCookie.subarray(1)
  return serverCookie ? Uint8Array.of(...clientCookie, ...serverCookie) : clientCookie
}

/** Letters in a case that chance decides, by one bit of entropy each. */
export function mixedCase(name: Name, bits: Uint8Array): Name {
  let letters = 0
  return name.replace(/[a-z]/gi, letter => {
    const bit = ((bits[(letters >> 3) % bits.length] as number) >> (letters & 7)) & 1
    letters++
    return bit === 1 ? letter.toUpperCase() : letter.toLowerCase()
  })
}

type Tamper = (query: Message) => Message

function withOpt(query: Message, alter: (opt: ResourceRecord) => readonly ResourceRecord[]): Message {
  return { ...query, additional: query.additional.flatMap(one => (one.type === TYPE.OPT ? alter(one) : [one])) }
}

const SPARE: ResourceRecord = { name: '.', type: TYPE.TXT, class: 1, ttl: 0, data: { strings: ['spare'] } }

/** What deviants make of a query. */
const TAMPERS: ReadonlyMap<Rule, Tamper> = new Map<Rule, Tamper>([
  [rfc1035.queryBitClear, query => ({ ...query, qr: true })],
  [rfc1035.standardQuery, query => ({ ...query, opcode: OPCODE.STATUS })],
  [rfc1035.queryReservedZero, query => ({ ...query, z: true })],
  [rfc1035.responseFlagsClear, query => ({ ...query, aa: true })],
  [rfc1035.queryWithoutRecords, query => ({ ...query, answers: [SPARE] })],
  [rfc9619.queryOneQuestion, query => ({ ...query, questions: [...query.questions, ...query.questions] })],
  [rfc6891.oneOptInQuery, query => withOpt(query, opt => [opt, opt])],
  [rfc6891.queryOptOwnerRoot, query => withOpt(query, opt => [{ ...opt, name: 'opt.' }])],
  [rfc6891.optFlagsZero, query => withOpt(query, opt => [{ ...opt, ttl: opt.ttl | 1 }])],
  [rfc6891.ednsVersionZero, query => withOpt(query, ({ class: size }) => [optRecord({ size, version: 1 })])],
])

function tampered(query: Message, honours: Honours): Message {
  let altered = query
  for (const [rule, tamper] of TAMPERS) if (!honours(rule)) altered = tamper(altered)
  return altered
}
