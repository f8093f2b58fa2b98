import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/conformance/channel.ts'
import type { Message, ResourceRecord } from '../../src/dns/message.ts'
import { encodeMessage, flagsOf, HEADER_LENGTH, message } from '../../src/dns/message.ts'
import { OPCODE, OPTION, TYPE } from '../../src/dns/mnemonics.ts'
import { labelCount, labelsOf, type Name, readName } from '../../src/dns/name.ts'
import { NSEC3 } from '../../src/dns/rdata/dnssec.ts'
import { OPT } from '../../src/dns/rdata/opt.ts'
import { dataOf } from '../../src/dns/record.ts'
import { memoryPeer } from '../../src/io/memory.ts'
import { pcapng } from '../../src/report/pcapng.ts'
import { WireError } from '../../src/wire/errors.ts'
import { Reader } from '../../src/wire/reader.ts'
import { decode } from '../../src/wire/whole.ts'
import { corpusOf } from './corpus.fixture.ts'
import suites from './index.ts'
import { byTshark, type Told } from './tshark.fixture.ts'

const seed = 1035

/** What a datagram over IPv4 holds. */
const MAX_DATAGRAM = 65_507

function captured(messages: readonly Uint8Array[]): Uint8Array {
  const segments = messages.map((octets, at) => ({ at, from: 'tester', octets }) as const)
  const [local, remote] = [40_000, 53].map(port => ({ address: '127.0.0.1', port })) as [Address, Address]
  return pcapng([{ segments, transport: 'udp', local, remote, opened: 0 }])
}

const noTshark = spawnSync('tshark', ['--version']).status !== 0
if (noTshark) console.warn('tshark.test.ts: skipped, as tshark is not installed')

function recordsOf({ answers, authority, additional }: Pick<Message, 'answers' | 'authority' | 'additional'>) {
  return [...answers, ...authority, ...additional]
}

/** A name as tshark shows it: labels as they are, without the last dot. */
function shown(name: Name): string {
  if (name === '.') return '<Root>'
  return labelsOf(name)
    .map(label => Buffer.from(label).toString('latin1'))
    .join('.')
}

/** Octets of the RDATA of each record, which a message does not tell once it is read. */
function lengths(octets: Uint8Array, { questions }: Message, records: readonly ResourceRecord[]): number[] {
  const reader = new Reader(octets)
  reader.take(HEADER_LENGTH)
  for (const _ of questions) {
    readName(reader)
    reader.take(4)
  }
  return records.map(() => {
    readName(reader)
    reader.take(8)
    return reader.take(reader.u16()).length
  })
}

/** What tshark should say of a message that we have read. */
function expected(octets: Uint8Array, read: Message): Pick<Told, 'header' | 'questions' | 'records'> {
  const { questions } = read
  const records = recordsOf(read)
  const counts = [questions, read.answers, read.authority, read.additional].map(list => list.length)
  const sizes = lengths(octets, read, records)
  return {
    header: [read.id, flagsOf(read), ...counts].join(' '),
    questions: questions.map(({ name, type, class: klass }) => `${shown(name)} ${type} ${klass}`),
    records: records
      .map(({ name, type, class: klass, ttl }, i) =>
        type === TYPE.OPT ? `${shown(name)} ${type} ${sizes[i]}` : `${shown(name)} ${type} ${klass} ${ttl} ${sizes[i]}`,
      )
      .sort(),
  }
}

/** Why tshark finds nothing wrong with what we call malformed. */
const LENIENT: Readonly<Record<string, (error: WireError, octets: Uint8Array) => boolean>> = {
  'no datagram is shown as a message of no octets': (_, octets) => octets.length === 0,
  'it follows pointers forward as well, which RFC 1035 §4.1.4 does not know': ({ reason }) =>
    reason.includes('which is not before it'),
  'it does not mind whether RDATA fill the length that is given for them': ({ path }) => path.includes('data'),
}

/** Why tshark finds something wrong with what we read. */
const STRICT: Readonly<Record<string, (read: Message, octets: Uint8Array) => boolean>> = {
  'it looks into options, which our codec of messages leaves to the rules: a cookie has 8, or 16 to 40 octets': read =>
    recordsOf(read).some(record =>
      dataOf(record, OPT)?.options.some(
        ({ code, data }) => code === OPTION.COOKIE && data.length !== 8 && (data.length < 16 || data.length > 40),
      ),
    ),
  'DSO has a format of its own behind the header (RFC 8490 §5.4), which is none of ours': ({ opcode }) =>
    opcode === OPCODE.DSO,
  'it reads types 65281 and 65282 as WINS and WINS-R, where for us any octets may stand (RFC 6895 §3.1)': read =>
    recordsOf(read).some(({ type }) => type === 65_281 || type === 65_282),
  'it reads the hash of NSEC3 five octets at a time, and so past the end of a message that ends in a shorter one':
    read =>
      recordsOf(read)
        .slice(-1)
        .some(record => (dataOf(record, NSEC3)?.next.length ?? 0) % 5 !== 0),
}

/** Why what both can read is not compared by its names. */
const INCOMPARABLE: Readonly<Record<string, (read: Message) => boolean>> = {
  'octets of names that are no printable ASCII are shown in several ways': ({ questions, ...read }) =>
    [...questions, ...recordsOf(read)].some(({ name }) =>
      labelsOf(name).some(label => label.some(octet => octet < 0x20 || octet > 0x7e)),
    ),
  'it shows owners of SRV in three parts, and those of fewer labels not at all': read =>
    recordsOf(read).some(({ name, type }) => type === TYPE.SRV && labelCount(name) < 3),
}

describe.skipIf(noTshark)(`tshark reads the same (seed ${seed})`, { timeout: 120_000 }, () => {
  it('from what the suites say, and from what we invent', async () => {
    const invented = fc.sample(message.any, { seed, numRuns: 2000 }).map(encodeMessage)
    const corpus = [...(await corpusOf(suites, memoryPeer)), ...invented].filter(
      octets => octets.length <= MAX_DATAGRAM,
    )
    const told = byTshark(captured(corpus))
    expect(told).toHaveLength(corpus.length)
    const reasons = new Map<string, number>()
    const count = (reason: string): unknown => reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    const wrong: unknown[] = []
    for (const [i, octets] of corpus.entries()) {
      const theirs = told[i] as Told
      const problem = disagreement(octets, theirs, count)
      if (problem !== undefined) wrong.push({ octets: Buffer.from(octets).toString('hex'), problem })
    }
    expect(wrong).toEqual([])
    // An excuse that swallowed all would prove nothing.
    expect(reasons.get('the same') ?? 0).toBeGreaterThan(1000)
  })
})

/** What we and tshark disagree about, where no reason is known; tells the reason to `count` otherwise. */
function disagreement(octets: Uint8Array, theirs: Told, count: (reason: string) => unknown): unknown {
  let read: Message
  try {
    read = decode(message, octets)
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    const excuse = Object.entries(LENIENT).find(([, applies]) => applies(error, octets))?.[0]
    if (theirs.malformed) count('malformed')
    else if (excuse === undefined) return error.message
    else count(excuse)
    return undefined
  }
  if (theirs.malformed) {
    const excuse = Object.entries(STRICT).find(([, applies]) => applies(read, octets))?.[0]
    if (excuse === undefined) return 'malformed, says tshark'
    count(excuse)
    return undefined
  }
  const excuse = Object.entries(INCOMPARABLE).find(([, applies]) => applies(read))?.[0]
  const { header, questions, records } = theirs
  const ours = expected(octets, read)
  // Whatever the names are, their number and the header can be compared.
  const alike = excuse === undefined ? { header, questions, records } : { header }
  const wanted = excuse === undefined ? ours : { header: ours.header }
  count(excuse ?? 'the same')
  if (questions.length !== ours.questions.length || records.length !== ours.records.length)
    return { theirs: records, ours }
  return JSON.stringify(alike) === JSON.stringify(wanted) ? undefined : { alike, wanted }
}
