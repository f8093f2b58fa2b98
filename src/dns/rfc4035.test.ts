import { describe, expect, it } from 'vitest'
import { hex } from '../wire/hex.ts'
import { decode } from '../wire/whole.ts'
import { edns } from './edns.ts'
import { recordFromText, recordText } from './master-file.ts'
import type { ResourceRecord } from './message.ts'
import { encodeMessage, message } from './message.ts'
import { TYPE } from './mnemonics.ts'
import { EXAMPLES } from './rfc4035.fixture.ts'

/** The other implementation puts the records of a set in any order. */
function sorted(records: readonly ResourceRecord[]): ResourceRecord[] {
  return [...records].sort((a, b) => (recordText(a) < recordText(b) ? -1 : 1))
}

describe.each(EXAMPLES)('the response of RFC 4035 Appendix $section', example => {
  const read = decode(message, hex(example.octets))
  const others = read.additional.filter(({ type }) => type !== TYPE.OPT)

  it('is read from the octets of another implementation', () => {
    expect(read).toMatchObject({ qr: true, aa: example.aa, tc: false, rcode: example.rcode })
    expect(edns(read)).toMatchObject({ dnssecOk: true })
    expect(sorted(read.answers)).toEqual(sorted(example.answers.map(line => recordFromText(line))))
    expect(sorted(read.authority)).toEqual(sorted(example.authority.map(line => recordFromText(line))))
    expect(sorted(others)).toEqual(sorted(example.additional.map(line => recordFromText(line))))
  })

  it('is written so that it reads as the same, and as text that does', () => {
    expect(decode(message, encodeMessage(read))).toEqual(read)
    for (const record of [...read.answers, ...read.authority, ...others]) {
      expect(recordFromText(recordText(record))).toEqual(record)
    }
  })

  it('takes no more octets than the other took', () => {
    expect(encodeMessage(read).length).toBeLessThanOrEqual(hex(example.octets).length)
  })
})
