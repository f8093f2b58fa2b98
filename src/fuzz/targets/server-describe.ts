import type { Transport } from '../../machine.ts'
import { piecesOf } from './pieces.ts'
import type { SessionForm } from './server-form.ts'
import type { Stage } from './server-session.ts'

/** Octets of a message that are shown where nobody has words for it. */
const SHOWN = 256

/** A session for people, one line for each message, wait and end. */
export function describedSession(
  input: Uint8Array,
  { transports }: Pick<Stage, 'transports'>,
  form: SessionForm,
): string[] {
  const lines: string[] = []
  const flows = new Map<number, { readonly transport: Transport; readonly sent: Uint8Array[] }>()
  let current = 0
  for (const piece of piecesOf(input)) {
    if (piece.kind === 'end') lines.push(`flow ${piece.flow}: ${piece.how === 1 ? 'dropped' : 'our end'}`)
    else if (piece.kind === 'time') {
      if (flows.has(current)) lines.push(`flow ${current}: wait for an answer`)
      current = piece.flow
    } else {
      const transport = transports[current % transports.length] ?? 'tcp'
      const flow = flows.get(current) ?? { transport, sent: [] }
      flows.set(current, flow)
      flow.sent.push(piece.octets)
      // What went before it on the flow may be needed to understand it.
      const told = form.tell?.(flow.sent, transport).at(-1) ?? form.messages(piece.octets, transport).map(shown)
      lines.push(...told.map(line => `flow ${current}, ${transport}: ${line}`))
    }
  }
  return lines
}

/** As text where it is some, else in hex. */
function shown(octets: Uint8Array): string {
  const text = Buffer.from(octets).toString('latin1')
  const cut = octets.length > SHOWN ? `... (${octets.length} octets)` : ''
  if (/^[\x20-\x7e\r\n\t]*$/.test(text)) return JSON.stringify(text.slice(0, SHOWN)) + cut
  return Buffer.from(octets.subarray(0, SHOWN)).toString('hex') + cut
}
