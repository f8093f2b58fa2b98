import type { FlowOutput } from '../machine.ts'
import type { FlowProgram } from './flow-pipe.ts'

type Heard = Uint8Array | 'eof' | 'refused'

/**
 * A client that asks over UDP, from a port for each server, then over TCP when it is told so; ends with what it heard
 * last.
 */
export class Asker implements FlowProgram {
  readonly heard: { readonly flow: number; readonly what: string }[] = []
  exitCode: number | undefined
  deadline: number | undefined
  stdout = ''
  readonly #anyone: boolean
  #output: FlowOutput[] = []
  #flows = 0

  constructor({ servers = 1, anyone = false }: { readonly servers?: number; readonly anyone?: boolean } = {}) {
    this.#anyone = anyone
    for (let server = 0; server < servers; server++) this.#ask('udp', server)
  }

  #ask(transport: 'udp' | 'tcp', server: number): void {
    const flow = ++this.#flows
    this.#output.push({ open: flow, transport, server, ...(this.#anyone ? { anyone: true as const } : {}) })
    this.#output.push({ flow, octets: Buffer.from(`${transport} ${server}`) })
  }

  receive(flow: number, octets: Heard, now: number): void {
    const what = typeof octets === 'string' ? `<${octets}>` : Buffer.from(octets).toString()
    this.heard.push({ flow, what })
    if (what === 'die') throw new TypeError('dead')
    if (what === 'tcp') this.#ask('tcp', 0)
    else if (what === 'wait') this.deadline = now + 400
    else if (what === 'close') this.#output.push({ flow, close: true })
    else if (what.startsWith('end ')) {
      this.stdout = what
      this.exitCode = Number(what.slice(4))
    }
  }

  tick(): void {
    this.deadline = undefined
    this.#ask('udp', 0)
  }

  transmit(): FlowOutput[] {
    const all = this.#output
    this.#output = []
    return all
  }
}
