import { absolute } from './ask.ts'
import { recordLine } from './describe.ts'
import { edns, fullRcode, optionOf } from './edns.ts'
import { type Check, check, phrase } from './expect.ts'
import { recordFromText } from './master-file.ts'
import type { Header, Message, ResourceRecord } from './message.ts'
import { options, RCODE, rcodes, TYPE, types } from './mnemonics.ts'
import { canonical, type Name, sameName } from './name.ts'

/** One of these response codes. */
export function rcode(...codes: readonly number[]): Check {
  const names = codes.map(code => rcodes.text(code)).join(' or ')
  return check(`the code ${names}`, response => {
    const code = fullRcode(response)
    return codes.includes(code) ? undefined : `the code is ${rcodes.text(code)}`
  })
}

export const noError: Check = rcode(RCODE.NOERROR)
export const nameError: Check = rcode(RCODE.NXDOMAIN)
export const formatError: Check = rcode(RCODE.FORMERR)

/** A flag of the header. */
export function flag(name: keyof Header & ('qr' | 'aa' | 'tc' | 'rd' | 'ra' | 'z' | 'ad' | 'cd'), on: boolean): Check {
  const text = name === 'z' ? 'the reserved bit' : name.toUpperCase()
  return check(`${text} ${on ? 'set' : 'clear'}`, response =>
    response[name] === on ? undefined : `${text} is ${on ? 'clear' : 'set'}`,
  )
}

export const authoritative: Check = flag('aa', true)
export const notTruncated: Check = flag('tc', false)
export const truncated: Check = flag('tc', true)

/** QR set, and the question as it was asked, but for case. */
export const proper: Check = check('QR and the question', (response, asked) => {
  if (!response.qr) return 'QR is clear'
  const [first] = asked.questions
  const [given] = response.questions
  if (response.questions.length !== asked.questions.length) return `${response.questions.length} questions`
  if (first === undefined || given === undefined) return undefined
  const same = sameName(first.name, given.name) && first.type === given.type && first.class === given.class
  return same ? undefined : `another question: ${given.name} ${types.text(given.type)}`
})

type Section = 'answers' | 'authority' | 'additional'

const TITLE: Readonly<Record<Section, string>> = {
  answers: 'the answer',
  authority: 'the authority section',
  additional: 'the additional section',
}

/** The records of a section without OPT, or anything that signs. */
export function plainRecords(response: Message, section: Section): readonly ResourceRecord[] {
  return response[section].filter(({ type }) => type !== TYPE.OPT && type !== TYPE.RRSIG && type !== TYPE.TSIG)
}

/** Exactly these records in a section, in any order: `www A 192.0.2.1`, names relative to the zone; TTLs aside. */
export function records(section: Section, ...lines: readonly string[]): Check {
  return check(`${phrase(lines)} in ${TITLE[section]}`, (response, _, talk) => {
    const wanted = lines.map(line => keyOf(parsed(line, talk.zone)))
    const given = plainRecords(response, section)
    const keys = given.map(keyOf)
    const missing = wanted.filter(key => !keys.includes(key))
    if (missing.length > 0) return `${phrase(missing)} ${missing.length > 1 ? 'are' : 'is'} not in ${TITLE[section]}`
    const extra = given.filter(record => !wanted.includes(keyOf(record)))
    return extra.length > 0 ? `${phrase(extra.slice(0, 3).map(recordLine))} in ${TITLE[section]} besides` : undefined
  })
}

/** Exactly these records in the answer. */
export function answers(...lines: readonly string[]): Check {
  return records('answers', ...lines)
}

/** These records in a section, whatever else is there. */
export function holds(section: Section, ...lines: readonly string[]): Check {
  return check(`${phrase(lines)} in ${TITLE[section]}`, (response, _, talk) => {
    const keys = response[section].map(keyOf)
    const missing = lines.map(line => keyOf(parsed(line, talk.zone))).filter(key => !keys.includes(key))
    return missing.length > 0 ? `${phrase(missing)} not in ${TITLE[section]}` : undefined
  })
}

/** No records in a section, but OPT. */
export function empty(section: Section): Check {
  return check(`nothing in ${TITLE[section]}`, response => {
    const [first] = plainRecords(response, section)
    return first && `${recordLine(first)} in ${TITLE[section]}`
  })
}

export const noAnswer: Check = empty('answers')

/** The zone's SOA record, and no other record, in the authority section. RFC 2308 §3 */
export const soaInAuthority: Check = check(
  'the SOA record of the zone in the authority section',
  (response, _, talk) => {
    const soa = response.authority.find(({ type }) => type === TYPE.SOA)
    if (soa === undefined) return 'no SOA record in the authority section'
    return sameName(soa.name, talk.zone) ? undefined : `the SOA record of ${soa.name}`
  },
)

/** The zone's SOA record is the answer. */
export const soaAnswer: Check = check('the SOA record of the zone', (response, _, talk) => {
  const given = plainRecords(response, 'answers')
  const [soa] = given
  if (soa === undefined) return 'no answer'
  if (given.length > 1) return `${given.length} records in the answer`
  return soa.type === TYPE.SOA && sameName(soa.name, talk.zone) ? undefined : recordLine(soa)
})

/** An OPT record, and what it is like. */
export const opt: Check = check('OPT', response => {
  const count = response.additional.filter(({ type }) => type === TYPE.OPT).length
  return count === 1 ? undefined : count === 0 ? 'no OPT' : `${count} OPT records`
})

export const noOpt: Check = check('no OPT', response =>
  [...response.answers, ...response.authority, ...response.additional].some(({ type }) => type === TYPE.OPT)
    ? 'OPT'
    : undefined,
)

/** An option in OPT, and what is wrong with its data. */
export function option(
  code: number,
  says: string,
  fault: (data: Uint8Array, asked: Message) => string | undefined = () => undefined,
): Check {
  return check(says, (response, asked) => {
    const data = optionOf(edns(response)?.options ?? [], code)
    return data === undefined ? `no option ${options.text(code)}` : fault(data, asked)
  })
}

/** No option of a kind, whether there is OPT or not. */
export function noOption(code: number): Check {
  return check(`no option ${options.text(code)}`, response =>
    optionOf(edns(response)?.options ?? [], code) === undefined ? undefined : `option ${options.text(code)}`,
  )
}

/** No more octets than so many. */
export function atMost(limit: number): Check {
  return check(`at most ${limit} octets`, (_response, _asked, _talk, octets) =>
    octets.length <= limit ? undefined : `${octets.length} octets`,
  )
}

/** What is wrong with each record of all sections, OPT aside. */
export function everyRecord(says: string, fault: (record: ResourceRecord) => string | undefined): Check {
  return check(says, response => {
    for (const record of [...response.answers, ...response.authority, ...response.additional]) {
      const found = record.type === TYPE.OPT ? undefined : fault(record)
      if (found !== undefined) return `${recordLine(record)}: ${found}`
    }
    return undefined
  })
}

/** A response passes if it passes all checks of one of several lists. */
export function either(...choices: readonly (readonly Check[])[]): Check {
  const says = choices.map(list => phrase(list.map(one => one.says))).join(', or ')
  return check(says, (...given) => {
    const faults = choices.map(list => list.flatMap(one => one.fault(...given) ?? []))
    return faults.some(list => list.length === 0) ? undefined : (faults[0] ?? []).join('; ')
  })
}

const parsedLines = new Map<string, ResourceRecord>()

/** A record of a case's text: owner, type and data, without TTL and class. */
export function parsed(line: string, zone: Name): ResourceRecord {
  const key = `${zone} ${line}`
  let record = parsedLines.get(key)
  if (record === undefined) {
    const [owner = '@', ...rest] = line.split(' ')
    record = recordFromText(`${absolute(owner, zone)} 0 IN ${rest.join(' ')}`, zone)
    parsedLines.set(key, record)
  }
  return record
}

/** What a record says, so that the same ones are the same text. */
function keyOf(record: ResourceRecord): string {
  const lower = recordLine({ ...record, ttl: 0, name: canonical(record.name) })
  return lower.replace(/^(\S+) 0 IN /, '$1 ')
}
