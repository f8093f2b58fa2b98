import { EVIL } from '../../src/dns/client-answers.ts'
import type { Answer } from '../../src/dns/client-steps.ts'
import { encodeMessage, HEADER_LENGTH } from '../../src/dns/message.ts'
import { EMPTY } from '../../src/dns/query.ts'

/** A pointer to where a name stands. RFC 1035 §4.1.4 */
export function pointer(at: number): readonly number[] {
  return [0xc0 | (at >> 8), at & 0xff]
}

/** To the name of the question, right behind the header. */
export const QNAME = pointer(HEADER_LENGTH)

/** Type A, class IN, a TTL of 300. */
const A_IN = [0, 1, 0, 1, 0, 0, 1, 44]
const CNAME_IN = [0, 5, 0, 1, 0, 0, 1, 44]

/** A record of a type whose owner is these octets, its RDATA after their length. */
export function record(owner: readonly number[], data: readonly number[], length = data.length): readonly number[] {
  return [...owner, ...A_IN, length >> 8, length & 0xff, ...data]
}

export function alias(owner: readonly number[], target: readonly number[], length = target.length): readonly number[] {
  return [...owner, ...CNAME_IN, length >> 8, length & 0xff, ...target]
}

export const EVIL_ADDRESS: readonly number[] = EVIL.split('.').map(Number)

/** An address for the name asked for that must not be used, as what comes with it is malformed. */
export const BAIT: readonly number[] = record(QNAME, EVIL_ADDRESS)

/**
 * A response made by hand: header and question as they should be, then these octets, counted as so many answers. They
 * are given where they begin, for pointers.
 */
export function handmade(answers: number, octets: (at: number) => readonly number[]): Answer {
  return ({ message: { id, rd, questions } }) => {
    const head = encodeMessage({ ...EMPTY, id, qr: true, rd, ra: true, questions: questions.slice(0, 1) })
    const whole = Uint8Array.of(...head, ...octets(head.length))
    whole[6] = answers >> 8
    whole[7] = answers & 0xff
    return whole
  }
}

/** So many labels of so many octets, without an end. */
export function labels(count: number, size: number): readonly number[] {
  return Array.from({ length: count }, () => [size, ...new Array<number>(size).fill(0x61)]).flat()
}
