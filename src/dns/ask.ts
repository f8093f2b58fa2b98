import type { Step, TalkOptions } from '../conformance/case.ts'
import type { Opening } from '../conformance/channel.ts'
import { headerLine, questionText, recordLine } from './describe.ts'
import { digCommand, rawCommand } from './dig.ts'
import type { Edns } from './edns.ts'
import { optRecord } from './edns.ts'
import type { Header, Message, Question, ResourceRecord } from './message.ts'
import { encodeMessage } from './message.ts'
import { CLASS, TYPE } from './mnemonics.ts'
import type { Name } from './name.ts'
import { EMPTY } from './query.ts'
import type { DnsTalk } from './talk.ts'

/** A query as a case puts it; what is not said is as a plain query has it. */
export interface Ask extends Partial<Header> {
  /** Relative to the zone unless it ends in a dot; the zone itself unless said. */
  readonly name?: Name
  /** SOA unless said. */
  readonly type?: number
  /** IN unless said. */
  readonly class?: number
  readonly edns?: Partial<Edns>
  /** Instead of the one question; names as in `name`. */
  readonly questions?: readonly (Partial<Question> & { readonly name?: Name })[]
  readonly answers?: readonly ResourceRecord[]
  readonly authority?: readonly ResourceRecord[]
  /** Before OPT, where there is one. */
  readonly additional?: readonly ResourceRecord[]
  /** Behind OPT. */
  readonly behind?: readonly ResourceRecord[]
  /** What is done to the octets before they go out: counts that lie, octets cut off. */
  readonly mangle?: (octets: Uint8Array) => Uint8Array
  /** How a person would say it, where the message does not. */
  readonly what?: string
}

/** A name of a case as it goes out. */
export function absolute(name: Name | undefined, zone: Name): Name {
  if (name === undefined || name === '' || name === '@') return zone
  if (name.endsWith('.') && !name.endsWith('\\.')) return name
  return zone === '.' ? `${name}.` : `${name}.${zone}`
}

/** The message that a case asks by. */
export function messageOf(ask: Ask, zone: Name, id: number): Message {
  const { name, type = TYPE.SOA, class: klass = CLASS.IN, edns, questions, mangle: _, what: __, ...rest } = ask
  const asked = questions ?? [{ name, type, class: klass }]
  return {
    ...EMPTY,
    id,
    ...rest,
    questions: asked.map(one => ({
      name: absolute(one.name, zone),
      type: one.type ?? TYPE.SOA,
      class: one.class ?? CLASS.IN,
    })),
    additional: [...(ask.additional ?? []), ...(edns ? [optRecord(edns)] : []), ...(ask.behind ?? [])],
  }
}

/** Queries that go out in one flight, the last of which is the one to be judged. */
export function ask(...asks: readonly Ask[]): Step<DnsTalk> {
  const list = asks.length === 0 ? [{}] : asks
  const octets = list.map(one => octetsOf(one, EXAMPLE_ZONE, one.id ?? 0x5701))
  const [only] = octets
  return {
    says: list.map(summary).join(', then '),
    ...(octets.length === 1 && only !== undefined && { octets: only }),
    command: (options, opening) => list.map(one => commandFor(one, options, opening)).join('; '),
    run(talk) {
      for (const one of list) put(talk, one)
      return undefined
    },
  }
}

/** Puts a query into the flight of a talk. */
export function put(talk: DnsTalk, one: Ask): void {
  const sent = messageOf(one, talk.zone, one.id ?? talk.freshId())
  talk.asked.push(sent)
  talk.add(octetsOf(one, talk.zone, sent.id))
}

function octetsOf(one: Ask, zone: Name, id: number): Uint8Array {
  const octets = encodeMessage(messageOf(one, zone, id))
  return one.mangle ? one.mangle(octets) : octets
}

/** Does something to the talk, or by it. */
export function act(says: string, run: (talk: DnsTalk) => Promise<void> | void): Step<DnsTalk> {
  return {
    says,
    async run(talk) {
      await run(talk)
      return undefined
    },
  }
}

/** The zone that examples are about, where there is no server to say. */
const EXAMPLE_ZONE = 'example.test.'

function summary(one: Ask): string {
  if (one.what !== undefined) return one.what
  const sent = messageOf(one, EXAMPLE_ZONE, 0)
  const header = headerLine(sent)
    .replace(/^(query|response) 0/, '$1')
    .replace(/^query( NOERROR)?,? ?/, '')
  const questions = sent.questions.map(questionText).join(' and ') || 'nothing'
  const rest = [...sent.answers, ...sent.authority, ...sent.additional].map(recordLine)
  return [`ask for ${questions}`, ...(header === '' ? [] : [`flags ${header}`]), ...rest].join(', ')
}

function commandFor(one: Ask, options: TalkOptions, opening: Opening | undefined): string {
  const zone = options.resources['zone'] ?? EXAMPLE_ZONE
  const sent = messageOf(one, zone, one.id ?? 0x5701)
  const dig = one.mangle ? undefined : digCommand(sent, options, opening)
  return dig ?? rawCommand(octetsOf(one, zone, sent.id), options, opening)
}
