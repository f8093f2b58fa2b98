import { describe, expect, it } from 'vitest'
import type { Find, Outcome } from '../target.ts'
import { plainFind } from '../triage.ts'
import type { KnownReason } from './diff.ts'
import { diffServersTarget } from './diff-servers.ts'
import { arrivals, piecesOf } from './pieces.ts'
import type { ServerSubject, ServerTarget } from './server.ts'
import { joined, lineForm } from './server-form.ts'
import type { Heard } from './server-session.ts'

const form = lineForm(['HELO', 'QUIT'])

interface Played {
  /** Which session of all this is, from 1. */
  readonly count: number
  readonly text: string
}

/** A server as far as it is looked at here: it says three digits to each session. */
function server(name: string, says: (played: Played) => string, comesOf?: (text: string) => Find | undefined) {
  const told = { started: 0, stopped: 0, renewed: 0 }
  let count = 0
  let heard: readonly Heard[] = []
  const textOf = (input: Uint8Array): string =>
    Buffer.from(joined(piecesOf(input).flatMap(piece => (piece.kind === 'octets' ? [piece.octets] : [])))).toString()
  const hear = (input: Uint8Array): readonly Heard[] => {
    const octets = [Buffer.from(`${says({ count: ++count, text: textOf(input) })} ok\r\n`)]
    return [{ transport: 'tcp', octets, ending: 'eof' }]
  }
  const subject: ServerSubject = {
    seeds: [arrivals(Buffer.from('HELO\n'))],
    tokens: [],
    title: `${name} 1.0`,
    async run(input): Promise<Outcome> {
      heard = hear(input)
      const find = comesOf?.(textOf(input))
      return find ? { kind: 'find', find } : { kind: 'accepted' }
    },
    get heard() {
      return heard
    },
    hear: async input => hear(input),
    journal: [],
    before: [Uint8Array.of(1)],
    confirm: async (input, find) => ({ input, sessions: find.title === 'it ended' ? 7 : 0, times: 3, of: 3 }),
    renew: async () => void told.renewed++,
    stop: async () => void told.stopped++,
  }
  const target: ServerTarget = {
    name: `server:${name}`,
    about: '',
    deterministic: false,
    start: async () => {
      told.started++
      return subject
    },
  }
  return { target, told }
}

type Fake = ReturnType<typeof server>

function side(...servers: readonly Fake[]) {
  return (known?: KnownReason) =>
    diffServersTarget({
      name: 'diff:',
      servers: servers.map(({ target }) => target),
      transports: ['tcp'],
      form,
      compared: ({ octets, transport }) => form.answers(octets, transport).map(String),
      known,
    }).start()
}

const session = (text: string): Uint8Array => arrivals(Buffer.from(text))
const strict = (bad: string) => (played: Played) => (played.text.includes(bad) ? '500' : '250')

describe('servers side by side', () => {
  it('agree where they say the same', async () => {
    const subject = await side(server('a', strict('x')), server('b', strict('x')))()
    expect(await subject.run(session('x\n'))).toEqual({ kind: 'accepted' })
    expect(subject.title).toBe('a 1.0, b 1.0')
  })

  it('disagree by name, with what each says', async () => {
    const subject = await side(server('a', strict('x')), server('b', strict('y')), server('c', strict('y')))()
    expect(await subject.run(session('xx\n'))).toMatchObject({
      kind: 'find',
      find: {
        kind: 'disagreement',
        signature: 'disagreement | b = c != a at * (250, 500)',
        said: ['a  0.0: "500"', 'b  0.0: "250"', 'c  0.0: "250"'],
      },
    })
  })

  it('have to disagree more than once', async () => {
    const moody = server('a', ({ count }) => (count === 1 ? '421' : '250'))
    const subject = await side(moody, server('b', strict('x')))()
    expect(await subject.run(session('HELO\n'))).toEqual({ kind: 'accepted' })
  })

  it('may be known to', async () => {
    const subject = await side(server('a', strict('x')), server('b', strict('y')))(() => 'as they like')
    expect(await subject.run(session('x\n'))).toMatchObject({ kind: 'accepted', known: [{ kind: 'disagreement' }] })
  })

  it('are started anew to see it again; messages go first, then octets', async () => {
    const [a, b] = [server('a', strict('x')), server('b', strict('y'))]
    const subject = await side(a, b)()
    const input = session('HELO\nNOOP xx\nQUIT\n')
    const outcome = await subject.run(input)
    const find = outcome.kind === 'find' ? outcome.find : undefined
    const confirmed = await subject.confirm?.(input, find as Find, { stopped: () => false })
    expect(confirmed).toMatchObject({ input: session('x'), times: 3, of: 3, said: ['a  0.0: "500"', 'b  0.0: "250"'] })
    expect(a.told.renewed).toBe(3)
  })

  it('tell what comes of one of them alone as his', async () => {
    const dies = server('b', strict('y'), text => (text.includes('x') ? plainFind('crash', 'it ended') : undefined))
    const subject = await side(server('a', strict('y')), dies)()
    const outcome = await subject.run(session('x\n'))
    expect(outcome).toMatchObject({ find: { kind: 'crash', title: 'b: it ended', signature: 'b | crash | it ended' } })
    expect(subject.before).toHaveLength(1)
    const find = { ...plainFind('crash', 'it ended'), signature: 'b | crash | it ended' }
    expect(await subject.confirm?.(session('x\n'), find)).toMatchObject({ sessions: 7 })
  })

  it('are all stopped, also where one of them does not start', async () => {
    const [a, b] = [server('a', strict('x')), server('b', strict('y'))]
    await (await side(a, b)()).stop?.()
    expect([a.told, b.told]).toMatchObject([{ stopped: 1 }, { stopped: 1 }])
    const none: Fake = { ...b, target: { ...b.target, start: () => Promise.reject(new Error('no port')) } }
    await expect(side(a, none)()).rejects.toThrow('no port')
    expect(a.told.stopped).toBe(2)
  })
})
