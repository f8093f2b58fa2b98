import type { Channel } from '../../conformance/channel.ts'
import { type Honours, honoursAll } from '../../conformance/rule.ts'
import type { Reply, Subject, Trial } from '../../differential/differential.ts'
import { WireError } from '../../wire/errors.ts'
import { decode } from '../../wire/whole.ts'
import { encodeMessage, message } from '../message.ts'
import { RCODE, rcodes, TYPE } from '../mnemonics.ts'
import type { Name } from '../name.ts'
import { queryFor } from '../query.ts'
import { dnsServer } from '../subject.ts'
import { ZoneError } from '../zone.ts'
import { askMany } from './ask-many.ts'
import { loaded, type SmallZone, zoneText } from './small-zone.ts'
import type { ZoneAnswer } from './zone-answer.ts'
import type { ZoneQuestion } from './zone-question.ts'
import { queryOf } from './zone-question.ts'

export type ZoneSubject = Subject<SmallZone, ZoneQuestion, ZoneAnswer>
type ZoneTrial = Trial<SmallZone, ZoneQuestion>

/** A zone as servers are given it. */
export interface ZoneFile {
  readonly apex: Name
  readonly text: string
}

/** A server that was started with zones. */
export interface ZoneServer {
  /** Datagrams to it. */
  open(): Promise<Channel>
  /** How it died, where it did. */
  died(): Promise<string | undefined>
  revive(): Promise<void>
  close(): Promise<void>
}

/** Milliseconds without any response until what is under way counts as lost. */
const PATIENCE = 1000
/** Questions that are asked alone to find out which of them a server dies of. */
const SUSPECTS = 200

/** What the zones of some trials are called. They are as long as each other, as names have a limit. */
export function apexesOf(trials: readonly Trial<SmallZone, unknown>[]): Name[] {
  return trials.map(({ scene }, i) => scene.apex ?? `z${String(i).padStart(4, '0')}.test.`)
}

/** Asks a real server, started anew for the zones of these trials. */
export function serverSubject(name: string, start: (zones: readonly ZoneFile[]) => Promise<ZoneServer>): ZoneSubject {
  return {
    name,
    async ask(trials) {
      const apexes = apexesOf(trials)
      const zones = trials.map(({ scene }, i) => {
        const apex = apexes[i] as Name
        return { apex, text: zoneText(scene, apex) }
      })
      const server = await start(zones)
      try {
        return await repliesOf(server, trials, apexes)
      } finally {
        await server.close()
      }
    },
  }
}

async function repliesOf(
  server: ZoneServer,
  trials: readonly ZoneTrial[],
  apexes: readonly Name[],
): Promise<Reply<ZoneAnswer>[]> {
  const soas = await asked(server, apexes.map(apex => queryFor({ name: apex, type: TYPE.SOA })).map(each), apexes)
  const refusals = soas.map(refusal)
  const all = trials.flatMap(({ questions }, i) => {
    const apex = apexes[i] as Name
    if (refusals[i] !== undefined) return []
    return questions.map(question => ({ apex, query: (id: number) => encodeMessage(queryOf(question, apex, id)) }))
  })
  const answers = await asked(
    server,
    all.map(({ query }) => query),
    all.map(({ apex }) => apex),
  )
  let at = 0
  return trials.map(({ questions }, i) => {
    const refused = refusals[i]
    if (refused !== undefined) return { refused }
    at += questions.length
    return { answers: answers.slice(at - questions.length, at) }
  })

  function each(query: ReturnType<typeof queryFor>): (id: number) => Uint8Array {
    return id => encodeMessage({ ...query, id })
  }
}

/** Whether a zone was taken, by what comes of asking for its SOA record. */
function refusal(answer: ZoneAnswer): string | undefined {
  if (answer.kind !== 'message') return answer.kind
  const { rcode, answers, aa } = answer.message
  const taken = rcode === RCODE.NOERROR && aa && answers.some(({ type }) => type === TYPE.SOA)
  return taken ? undefined : rcodes.text(rcode)
}

/** Asks all questions; those that get no answer because the server died are asked anew, each alone. */
async function asked(
  server: ZoneServer,
  queries: readonly ((id: number) => Uint8Array)[],
  apexes: readonly Name[],
): Promise<ZoneAnswer[]> {
  const responses = await over(server, channel =>
    askMany(channel, queries.length, (index, id) => queries[index]?.(id) ?? new Uint8Array(0), PATIENCE),
  )
  const answers = responses.map((octets, i) => answerOf(octets, apexes[i] as Name))
  let how = responses.includes(undefined) ? await server.died() : undefined
  if (how === undefined) return answers
  let suspects = SUSPECTS
  for (const [i, answer] of answers.entries()) {
    if (answer.kind !== 'silence' || suspects-- === 0) continue
    if (how !== undefined) await server.revive()
    const [octets] = await over(server, channel =>
      askMany(channel, 1, (_, id) => queries[i]?.(id) as Uint8Array, PATIENCE),
    )
    how = octets === undefined ? await server.died() : undefined
    answers[i] = how === undefined ? answerOf(octets, apexes[i] as Name) : { kind: 'crash', how }
  }
  if (how !== undefined) await server.revive()
  return answers
}

async function over<T>(server: ZoneServer, talk: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await server.open()
  try {
    return await talk(channel)
  } finally {
    channel.destroy()
  }
}

function answerOf(octets: Uint8Array | undefined, apex: Name): ZoneAnswer {
  if (octets === undefined) return { kind: 'silence' }
  try {
    return { kind: 'message', message: decode(message, octets), apex }
  } catch (thrown) {
    if (!(thrown instanceof WireError)) throw thrown
    return { kind: 'unreadable', why: thrown.message }
  }
}

const SECRET = Buffer.from('a secret of no secrecy', 'latin1')

/** Our own authority, in memory. */
export function ownSubject(name: string, honours: Honours = honoursAll): ZoneSubject {
  return {
    name,
    async ask(trials) {
      const apexes = apexesOf(trials)
      return trials.map((trial, i) => ownReply(trial, apexes[i] as Name, honours))
    },
  }
}

function ownReply({ scene, questions }: ZoneTrial, apex: Name, honours: Honours): Reply<ZoneAnswer> {
  try {
    const server = dnsServer({ zones: [loaded(scene, apex)], honours, secret: SECRET })
    const endpoint = server.connect({ transport: 'udp' })
    const answers = questions.map((question, id) => {
      endpoint.receive(encodeMessage(queryOf(question, apex, id)), 0)
      const [octets] = endpoint.transmit()
      return answerOf(octets === 'close' ? undefined : octets, apex)
    })
    return { answers }
  } catch (thrown) {
    if (thrown instanceof ZoneError) return { refused: thrown.message }
    throw thrown
  }
}
