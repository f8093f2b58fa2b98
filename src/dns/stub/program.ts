import type { FlowEndpoint, FlowOutput } from '../../machine.ts'
import { TYPE } from '../mnemonics.ts'
import type { Name } from '../name.ts'
import { rdataText } from '../rdata.ts'
import { Resolver, type ResolverEvent } from '../resolver.ts'
import type { StubOptions } from './options.ts'
import type { Resolution } from './resolution.ts'

export interface ProgramOptions extends Partial<StubOptions> {
  readonly entropy: StubOptions['entropy']
  readonly name: Name
  /** All are asked for at once; A when absent. */
  readonly types?: readonly number[]
  /** When it begins, on the clock of whoever drives it; 0 when absent. */
  readonly now?: number
}

/**
 * A program that asks for what one name has, writes each record's data on a line, and ends: with 0 where there is some,
 * with 1 where there is none, and says why on a line of its own.
 */
export class StubProgram implements FlowEndpoint {
  readonly resolver: Resolver
  #waiting: number
  readonly #resolutions: Resolution[] = []

  constructor({ name, types = [TYPE.A], now = 0, ...options }: ProgramOptions) {
    this.resolver = new Resolver(options)
    this.#waiting = types.length
    for (const [request, type] of types.entries()) this.#hear(this.resolver.send({ request, name, type }, now))
  }

  /** Undefined as long as something is under way. */
  get exitCode(): number | undefined {
    if (this.#waiting > 0) return undefined
    return this.#resolutions.some(({ kind }) => kind === 'answer') ? 0 : 1
  }

  get stdout(): string {
    return this.#resolutions
      .flatMap(resolution => {
        if (resolution.kind !== 'answer') return [`; ${resolution.why}`]
        return resolution.records.map(({ type, class: klass, data }) => rdataText(type, klass, data))
      })
      .map(line => `${line}\n`)
      .join('')
  }

  receive(flow: number, octets: Uint8Array | 'eof' | 'refused', now: number): void {
    this.#hear(this.resolver.receive(flow, octets, now))
  }

  tick(now: number): void {
    this.#hear(this.resolver.tick(now))
  }

  transmit(): FlowOutput[] {
    return this.resolver.transmit()
  }

  get deadline(): number | undefined {
    return this.resolver.deadline
  }

  #hear(events: readonly ResolverEvent[]): void {
    for (const { resolution } of events) {
      this.#resolutions.push(resolution)
      this.#waiting--
    }
  }
}
