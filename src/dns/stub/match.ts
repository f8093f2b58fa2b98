import type { Honours } from '../../conformance/rule.ts'
import { WireError } from '../../wire/errors.ts'
import { Reader } from '../../wire/reader.ts'
import type { Message, Question, ResourceRecord } from '../message.ts'
import { HEADER_LENGTH, message, QR, question, resourceRecord, TC } from '../message.ts'
import { OPCODE, RCODE } from '../mnemonics.ts'
import { sameName } from '../name.ts'
import { EMPTY } from '../query.ts'
import { rfc1035, rfc4343, rfc5452, rfc7766 } from '../rules/client.ts'
import type { Query } from './query.ts'

/** What a message that came on a flow of a query is. */
export type Match =
  /** None of ours: forged, late, or meant for somebody else. The query goes on. */
  | 'stranger'
  /** A response but for the case of its name: forged, or of a server that does not keep that. */
  | 'recased'
  /** A response that is to be ignored, as it was cut. RFC 2181 §9 */
  | 'truncated'
  /** A response that cannot be read. */
  | 'malformed'
  | Message

/**
 * Matches octets to a query: identifier, kind and question have to be those of the query, and only then is the rest
 * read. Address and port are matched by the flow that they came on. RFC 5452 §9.1, RFC 1035 §7.3
 */
export function matched(octets: Uint8Array, query: Query, honours: Honours, stream: boolean): Match {
  const idMatched = stream ? rfc7766.streamIdMatched : rfc5452.idMatched
  if (octets.length < HEADER_LENGTH) return honours(idMatched) ? 'stranger' : 'malformed'
  const reader = new Reader(octets)
  const id = reader.u16()
  const flags = reader.u16()
  const questions = reader.u16()
  if (id !== query.id && honours(idMatched)) return 'stranger'
  if ((flags & QR) === 0 && honours(rfc1035.responseBitRequired)) return 'stranger'
  if (((flags >> 11) & 15) !== OPCODE.QUERY && honours(rfc1035.responseOpcodeMatched)) return 'stranger'
  reader.offset = HEADER_LENGTH
  const keepsQuestion = !stream || honours(rfc7766.streamQuestionMatched)
  if (questions === 0) {
    // Who could not read the query may not have copied the question. RFC 1035 §4.1.1
    if (!BARE.includes(flags & 15) && keepsQuestion && honours(rfc5452.questionNameMatched)) return 'stranger'
  } else {
    let asked: Question
    try {
      asked = question.read(reader)
    } catch (thrown) {
      if (!(thrown instanceof WireError)) throw thrown
      return honours(rfc5452.questionNameMatched) ? 'stranger' : 'malformed'
    }
    if (keepsQuestion && (questions > 1 || !sameQuestion(asked, query.question, honours))) return 'stranger'
    if (query.mixed && !stream && asked.name !== query.question.name) return 'recased'
  }
  if ((flags & TC) !== 0) return 'truncated'
  return read(octets, honours)
}

/** Codes of a server that may have understood nothing. */
const BARE: readonly number[] = [RCODE.FORMERR, RCODE.SERVFAIL, RCODE.NOTIMP, RCODE.REFUSED]

function sameQuestion(came: Question, asked: Question, honours: Honours): boolean {
  const same = honours(rfc4343.responseCaseIgnored) ? sameName : (a: string, b: string) => a === b
  return (
    (same(came.name, asked.name) || !honours(rfc5452.questionNameMatched)) &&
    (came.type === asked.type || !honours(rfc5452.questionTypeMatched)) &&
    (came.class === asked.class || !honours(rfc5452.questionClassMatched))
  )
}

/** The whole message; octets behind it are nobody's, and do no harm. */
export function read(octets: Uint8Array, honours: Honours): 'malformed' | Message {
  const strict = [rfc1035.recordsWellFormed, rfc1035.pointersEnd, rfc1035.nameLimitsEnforced].every(honours)
  try {
    return message.read(new Reader(octets))
  } catch (thrown) {
    if (!(thrown instanceof WireError)) throw thrown
    return strict ? 'malformed' : legible(octets)
  }
}

/** What can be read of a message: for deviants that use it. */
function legible(octets: Uint8Array): Message {
  const reader = new Reader(octets)
  reader.offset = 4
  const questions = reader.u16()
  reader.offset = HEADER_LENGTH
  const answers: ResourceRecord[] = []
  try {
    for (let i = 0; i < questions; i++) question.read(reader)
    for (;;) answers.push(resourceRecord.read(reader))
  } catch {
    return { ...EMPTY, qr: true, ra: true, answers }
  }
}
