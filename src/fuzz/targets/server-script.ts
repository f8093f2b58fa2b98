import type { Transport } from '../../machine.ts'
import { toHex } from '../../wire/hex.ts'
import { piecesOf } from './pieces.ts'
import type { Stage } from './server-session.ts'

/** A session as steps of a program, which whoever made the server gives a form. */
export interface SessionScript {
  readonly steps: readonly ScriptStep[]
  /** What shows that the server still lives. */
  readonly hello: { readonly by: Carrier; readonly hex: string }
  /** What it shows, a line each, for whoever reads it. */
  readonly about: readonly string[]
}

/** Each names a flow: it is opened, octets go out, an answer is waited for, our end is told, or it is dropped. */
export type ScriptStep =
  | { readonly open: number; readonly by: Carrier }
  | { readonly send: number; readonly hex: string }
  | { readonly wait: number }
  | { readonly end: number }
  | { readonly drop: number }

type Carrier = 'udp' | 'tcp' | 'tls'

/** What `play` does with a session. */
export function sessionScript(
  input: Uint8Array,
  server: Pick<Stage, 'transports' | 'hello'>,
  about: readonly string[],
): SessionScript {
  const [usual = 'tcp'] = server.transports
  const hello = { by: carried(usual), hex: toHex(server.hello(usual).octets) }
  return { steps: stepsOf(input, server), hello, about }
}

function carried(transport: Transport): Carrier {
  return transport === 'udp' || transport === 'tcp' ? transport : 'tls'
}

function stepsOf(input: Uint8Array, { transports, hello }: Pick<Stage, 'transports' | 'hello'>): ScriptStep[] {
  const steps: ScriptStep[] = []
  const flows = new Map<number, { readonly transport: Transport; unsent: Uint8Array[]; open: boolean }>()
  let current = 0

  function flush(number: number): void {
    const flow = flows.get(number)
    if (!flow || flow.unsent.length === 0) return
    steps.push({ send: number, hex: toHex(Uint8Array.from(Buffer.concat(flow.unsent))) })
    flow.unsent = []
  }

  function settle(number: number): void {
    const flow = flows.get(number)
    if (!flow?.open) return
    flush(number)
    flow.open = false
    if (flow.transport !== 'udp') steps.push({ end: number })
    else steps.push({ send: number, hex: toHex(hello('udp').octets) }, { wait: number }, { end: number })
  }

  for (const piece of piecesOf(input)) {
    if (piece.kind === 'octets') {
      let flow = flows.get(current)
      if (!flow) {
        const transport = transports[current % transports.length] ?? 'tcp'
        flow = { transport, unsent: [], open: true }
        flows.set(current, flow)
        steps.push({ open: current, by: carried(transport) })
      }
      if (!flow.open) continue
      flow.unsent.push(piece.octets)
      if (flow.transport === 'udp') flush(current)
    } else if (piece.kind === 'time') {
      flush(current)
      if (flows.get(current)?.open) steps.push({ wait: current })
      current = piece.flow
    } else if (piece.how === 1) {
      flush(piece.flow)
      const flow = flows.get(piece.flow)
      if (flow?.open) steps.push({ drop: piece.flow })
      if (flow) flow.open = false
    } else settle(piece.flow)
  }
  for (const number of flows.keys()) settle(number)
  return steps
}
