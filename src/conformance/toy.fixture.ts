import type { Endpoint } from '../machine.ts'
import type { Case, Feature, Protocol, Step, Subject, Suite, Talk } from './case.ts'
import type { Channel } from './channel.ts'
import type { Honours } from './rule.ts'
import { rulebook } from './rule.ts'

/** The smallest protocol that has all the kernel asks for: a server echoes what it gets, but refuses a `!` by a bare `?`. */
export const rules = rulebook('toy', {
  echoes: { section: '1', level: 'MUST', role: 'server', text: 'A server echoes what it gets' },
  refusesBang: { section: '2', level: 'MUST', role: 'server', text: 'A server refuses an exclamation mark' },
  polite: {
    section: '3',
    level: 'SHOULD',
    role: 'server',
    text: 'A server is polite',
    unobservable: 'nobody can tell',
  },
  asks: {
    section: '4',
    level: 'MAY',
    role: 'both',
    text: 'Either side may ask',
    unobservable: { client: 'it never does' },
  },
})

export class ToyTalk implements Talk {
  readonly channel: Channel
  readonly patience: number
  #flight = ''

  constructor(channel: Channel, patience: number) {
    this.channel = channel
    this.patience = patience
  }

  add(text: string): void {
    this.#flight += text
  }

  flush(): void {
    if (this.#flight !== '') this.channel.send(Buffer.from(this.#flight))
    this.#flight = ''
  }

  async hear(): Promise<string> {
    this.flush()
    const arrival = await this.channel.receive(this.patience)
    return arrival.kind === 'octets' ? Buffer.from(arrival.octets).toString() : `<${arrival.kind}>`
  }
}

export const say = (text: string): Step<ToyTalk> => ({
  says: `say ${text}`,
  octets: Buffer.from(text),
  run(talk) {
    talk.add(text)
    return undefined
  },
})

export const hear = (text: string): Step<ToyTalk> => ({
  says: `hear ${text}`,
  async run(talk) {
    const came = await talk.hear()
    return { outcome: came === text ? 'pass' : 'fail', expected: text, came }
  },
})

/** An endpoint made of one function from what comes to what goes back. */
export function endpoint(answer: (text: string) => string | 'close'): Endpoint {
  let out: (Uint8Array | 'close')[] = []
  return {
    receive(octets) {
      if (octets === 'eof') return
      const said = answer(Buffer.from(octets).toString())
      out.push(said === 'close' ? 'close' : Buffer.from(said))
    },
    tick() {},
    transmit() {
      const all = out
      out = []
      return all
    },
  }
}

export function toyServer(honours: Honours): Subject {
  return {
    connect: () =>
      endpoint(text => {
        if (text.includes('!') && honours(rules.refusesBang)) return '?'
        return honours(rules.echoes) ? text : text.toUpperCase()
      }),
  }
}

export const toy: Protocol<ToyTalk> = {
  name: 'toy',
  title: 'Toy',
  rules: Object.values(rules),
  specifications: { toy: { title: 'The toy', sections: 'https://example.invalid/#' } },
  resources: {},
  talk: (channel, _role, options) => new ToyTalk(channel, options.patience),
  hello: () => ({ octets: Buffer.from('hello'), answeredBy: octets => octets.length > 0 }),
  describe: segments => segments.map(({ octets }) => [Buffer.from(octets.subarray(0, 40)).toString()]),
  begin: () => [say('hi'), hear('hi')],
  subject: (_role, honours) => toyServer(honours),
}

export const echoes: Case<ToyTalk> = { rule: rules.echoes, when: 'a word comes', steps: [say('word'), hear('word')] }
export const bang: Case<ToyTalk> = {
  rule: rules.refusesBang,
  when: 'it is shouted at',
  steps: [say('hey!'), hear('?')],
}

export const flying: Feature<ToyTalk> = { name: 'flying', probe: async () => 'it has no wings' }

export function toySuite(...cases: readonly Case<ToyTalk>[]): Suite<ToyTalk> {
  return { protocol: toy, role: 'server', title: 'Toys', cases }
}
