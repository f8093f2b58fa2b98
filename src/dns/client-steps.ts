import type { Feature, Step } from '../conformance/case.ts'
import type { Exit } from '../conformance/channel.ts'
import { broke, type Judgement, kept, weakly } from '../conformance/judgement.ts'
import { ALIVE, type Finding } from '../conformance/verdict.ts'
import { addressOf, EVIL, GOOD, replyTo } from './client-answers.ts'
import type { Asked, ClientSeen, ClientTalk } from './client-talk.ts'
import { headerLine, questionText } from './describe.ts'
import { encodeMessage, type Message } from './message.ts'

export { broke, type Judgement, kept, weakly } from '../conformance/judgement.ts'

/** Makes the octets of a message that answers a query. */
export type Answer = (asked: Asked) => Uint8Array

/** A response to the query, altered. */
export function response(more: Partial<Message> | ((asked: Message) => Partial<Message>) = {}): Answer {
  return ({ message }) => encodeMessage(replyTo(message, typeof more === 'function' ? more(message) : more))
}

/** A response that gives the name an address. */
export function answering(
  address: string,
  more: Partial<Message> | ((asked: Message) => Partial<Message>) = {},
): Answer {
  return asked => {
    const answers = [addressOf(asked.question.name, address)]
    const altered = typeof more === 'function' ? more(asked.message) : more
    return encodeMessage(replyTo(asked.message, { answers, ...altered }))
  }
}

/** What the client is to find. */
export const good = answering(GOOD)

/** What it must not: the same, with another address. */
export const evil = (more: Partial<Message> | ((asked: Message) => Partial<Message>) = {}): Answer =>
  answering(EVIL, more)

/** Where an answer may come from besides where the query went. */
export type Source = 'another port' | 'another address'

/** Answers the last query. */
export function reply(says: string, answer: Answer, options: { readonly from?: Source } = {}): Step<ClientTalk> {
  const { from } = options
  return {
    says: `answer by ${says}${from ? `, from ${from} of ours` : ''}`,
    run(talk) {
      const { last } = talk
      const { stray, servers } = talk.channel
      const source = from === 'another port' ? stray : from && servers?.find(one => !same(one, last.flow.tester))
      talk.send(answer(last), last, source)
      return undefined
    },
  }
}

function same(a: { readonly address: string; readonly port: number }, b: typeof a): boolean {
  return a.address === b.address && a.port === b.port
}

/** Answers as any server would. */
export const replyWell: Step<ClientTalk> = reply('the address asked for', good)

/** Does something that is no answer. */
export function act(says: string, run: (talk: ClientTalk) => void): Step<ClientTalk> {
  return {
    says,
    run(talk) {
      run(talk)
      return undefined
    },
  }
}

const SPEAKS = `${ALIVE} and to ask for an address`

/** What every case against a client begins with: it has to ask for the address of a name. */
export function greetClient(): Step<ClientTalk> {
  return {
    says: 'expect a query for an address',
    async run(talk) {
      for (;;) {
        const seen = await talk.next()
        if (seen.kind === 'query') return { outcome: 'pass', expected: SPEAKS, came: queryText(seen.asked) }
        if (seen.kind === 'end') continue
        return { outcome: 'fail', expected: SPEAKS, came: seenText(seen) }
      }
    },
  }
}

/** `query 4660, rd: www.example.test. A` */
export function queryText({ message, question, flow }: Asked): string {
  return `${headerLine(message)}: ${questionText(question)}, over ${flow.transport.toUpperCase()}`
}

export function seenText(seen: ClientSeen): string {
  switch (seen.kind) {
    case 'query':
      return queryText(seen.asked)
    case 'garbled':
      return `octets that are no query: ${seen.why}`
    case 'end':
      return seen.how === 'eof' ? 'the end of a connection' : 'a broken connection'
    case 'over':
      return 'the end of the program'
    case 'silence':
      return 'silence'
  }
}

/** What became of a look-up. */
export interface Ending {
  /** How often it asked again. */
  readonly again: readonly Asked[]
  /** How the program ended; undefined where it went on without asking anything. */
  readonly exit: Exit | undefined
  readonly garbled: readonly string[]
}

/** Lets the client go on until it is over, and answers what it asks again. */
export async function ending(talk: ClientTalk, answer: Answer = good): Promise<Ending> {
  const again: Asked[] = []
  const garbled: string[] = []
  for (;;) {
    const seen = await talk.next()
    if (seen.kind === 'query') {
      again.push(seen.asked)
      talk.send(answer(seen.asked), seen.asked)
    } else if (seen.kind === 'garbled') garbled.push(seen.why)
    else if (seen.kind === 'over') return { again, garbled, exit: await talk.exit() }
    else if (seen.kind === 'silence') return { again, garbled, exit: await talk.exit(0) }
  }
}

/** An expectation of a look-up as a step. */
export function expect(wants: string, judge: (talk: ClientTalk) => Promise<Judgement> | Judgement): Step<ClientTalk> {
  return {
    says: `expect ${wants}`,
    async run(talk): Promise<Finding> {
      const { outcome, came } = await judge(talk)
      return { outcome, expected: wants, came }
    },
  }
}

/** `exit status 0, after it asked 2 more times, and wrote 192.0.2.1` */
export function endingText({ exit, again }: Ending): string {
  const how = exit === undefined ? 'it went on in silence' : `${exit.signal ?? `exit status ${exit.code}`}`
  const asked =
    again.length === 0 ? '' : `, after it asked ${again.length} more ${again.length === 1 ? 'time' : 'times'}`
  return `${how}${asked}${exit ? `, and wrote ${excerpt(exit.stdout)}` : ''}`
}

function excerpt(text: string): string {
  const short = text.trim().replace(/\s+/g, ' ')
  if (short === '') return 'nothing'
  return short.length > 300 ? `${short.slice(0, 300)}...` : short
}

/** Whether an address stands in what a program wrote, and not as a part of another. */
export function wrote(exit: Exit | undefined, address: string): boolean {
  const pattern = new RegExp(`(?<![\\d.])${address.replaceAll('.', '\\.')}(?![\\d.]*\\d)`)
  return exit !== undefined && pattern.test(exit.stdout)
}

/** The client takes the answer that it has, and is done. */
export function takes(address: string = GOOD): Step<ClientTalk> {
  return expect(`the answer to be taken: ${address} written, nothing more asked`, async talk => {
    const end = await ending(talk)
    const came = endingText(end)
    if (wrote(end.exit, EVIL) && address !== EVIL) return broke(came)
    return wrote(end.exit, address) && end.again.length === 0 ? kept(came) : broke(came)
  })
}

/** The client takes no notice of what was no answer of ours, and takes the one that came behind it. */
export function ignores(): Step<ClientTalk> {
  return expect(`${EVIL} ignored, and ${GOOD} found all the same`, async talk => {
    const end = await ending(talk)
    const came = endingText(end)
    if (wrote(end.exit, EVIL) || !end.exit) return broke(came)
    // Nothing forbids to ask again. Who gives up was not misled, but a forger can keep it from its answer.
    return wrote(end.exit, GOOD) ? kept(came) : weakly(came)
  })
}

/** The client uses nothing of an answer: it asks again, waits, or gives up, and comes to an end. */
export function refuses(): Step<ClientTalk> {
  return expect(`nothing used of the answer: no ${EVIL} written, and an end`, async talk => {
    const end = await ending(talk)
    const came = endingText(end)
    if (wrote(end.exit, EVIL) || !end.exit || end.exit.signal !== null) return broke(came)
    return kept(came)
  })
}

/** The client finds no address, asks nobody else, and ends. */
export function findsNothing(): Step<ClientTalk> {
  return expect('the look-up to end without an address, and nothing more asked', async talk => {
    const end = await ending(talk)
    const came = endingText(end)
    const found = wrote(end.exit, GOOD) || wrote(end.exit, EVIL)
    return end.exit && !found && end.again.length === 0 ? kept(came) : broke(came)
  })
}

/** The client comes to its end within so many queries, whatever it is answered. */
export function endsWithin(most: number, answer: Answer | 'nothing'): Step<ClientTalk> {
  return expect(`an end after no more than ${most} queries`, async talk => {
    let silences = 0
    for (;;) {
      const seen = await talk.next()
      if (talk.asked.length > most) return broke(`it has asked ${talk.asked.length} times`)
      if (seen.kind === 'query') {
        silences = 0
        if (answer !== 'nothing') talk.send(answer(seen.asked), seen.asked)
      } else if (seen.kind === 'over') {
        const exit = await talk.exit()
        const came = endingText({ again: talk.asked.slice(1), exit, garbled: [] })
        return exit && exit.signal === null ? kept(came) : broke(came)
      } else if (seen.kind === 'silence' && ++silences === SILENCES) return broke('it went on in silence')
    }
  })
}

/** A client's patience may grow from query to query; ours has an end. */
const SILENCES = 4

/** What the next query has to be like; it is then the one to be answered. */
export function asks(wants: string, suits: (next: Asked, before: Asked) => boolean): Step<ClientTalk> {
  return expect(wants, async talk => {
    const before = talk.last
    for (;;) {
      const seen = await talk.next()
      if (seen.kind === 'end') continue
      if (seen.kind !== 'query') return broke(await whatInstead(talk, seen))
      return suits(seen.asked, before) ? kept(queryText(seen.asked)) : broke(queryText(seen.asked))
    }
  })
}

async function whatInstead(talk: ClientTalk, seen: ClientSeen): Promise<string> {
  return seen.kind === 'over' ? endingText({ again: [], exit: await talk.exit(), garbled: [] }) : seenText(seen)
}

export const asksOverTcp = asks('the same question over TCP', ({ flow, question }, before) => {
  return flow.transport === 'tcp' && question.name.toLowerCase() === before.question.name.toLowerCase()
})

/** Has the client ask over a stream, if it does not already: by a response that was cut. */
export const asksOnStream: Step<ClientTalk> = {
  says: `answer by a response that was cut; ${asksOverTcp.says}`,
  run(talk) {
    if (talk.last.flow.transport !== 'udp') return undefined
    talk.send(response({ tc: true })(talk.last))
    return asksOverTcp.run(talk)
  },
}

export const asksAgain = asks('the question again', () => true)

/** Something that every query of a look-up has to be like; the look-up is answered well. */
export function everyQuery(
  wants: string,
  fault: (asked: Asked) => string | undefined,
  steps: { readonly overTcp?: true } = {},
): Step<ClientTalk>[] {
  const first = steps.overTcp ? [asksOnStream] : []
  return [
    ...first,
    replyWell,
    expect(wants, async talk => {
      const { garbled } = await ending(talk)
      const faults = [...talk.asked, ...talk.aside].flatMap(asked => fault(asked) ?? [])
      if (garbled.length > 0) return broke(`octets that are no query: ${garbled[0]}`)
      return faults.length === 0 ? kept(talk.asked.map(queryText).join('; ')) : broke(faults.join('; '))
    }),
  ]
}

/** A feature that a step finds out: missing where it does not pass. */
export function feature(name: string, ...steps: readonly Step<ClientTalk>[]): Feature<ClientTalk> {
  return {
    name,
    async probe(talk) {
      for (const step of steps) {
        const finding = await step.run(talk)
        if (finding && finding.outcome !== 'pass') return `${finding.expected}: ${finding.came}`
      }
      return undefined
    },
  }
}
