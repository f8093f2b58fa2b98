import { encodeMessage } from '../../src/dns/message.ts'
import { TYPE } from '../../src/dns/mnemonics.ts'
import { queryFor } from '../../src/dns/query.ts'
import type { FlowEndpoint, FlowOutput } from '../../src/machine.ts'

interface Degenerate extends FlowEndpoint {
  readonly exitCode?: number | undefined
  readonly stdout?: string
}

/** A client that sends one query, and then does what it is told to whenever something comes. */
class Asker implements Degenerate {
  exitCode: number | undefined
  stdout = ''
  readonly #heard: (asker: Asker) => void
  #output: FlowOutput[] = []
  #flows = 0

  constructor(heard: (asker: Asker) => void, first = true) {
    this.#heard = heard
    if (first) this.ask()
  }

  ask(): void {
    const flow = ++this.#flows
    const query = queryFor({ name: 'www.example.test.', type: TYPE.A }, { id: 0x1234 + flow, rd: true })
    this.#output.push({ open: flow, transport: 'udp', server: 0 }, { flow, octets: encodeMessage(query) })
  }

  receive(): void {
    this.#heard(this)
  }

  tick(): void {}

  transmit(): FlowOutput[] {
    const all = this.#output
    this.#output = []
    return all
  }
}

function leaves(status: number): Degenerate {
  return new Asker(asker => {
    asker.exitCode = status
  })
}

/** Clients that nobody should praise: all that they may pass is what can be seen of a query. */
export const degenerateClients: Readonly<Record<string, () => Degenerate>> = {
  'says nothing': () => new Asker(() => {}, false),
  'asks and waits for ever': () => new Asker(() => {}),
  'asks and ends well, whatever comes': () => leaves(0),
  'asks and fails, whatever comes': () => leaves(1),
  'asks again, whatever comes': () => new Asker(asker => asker.ask()),
}
