// The receiver of ws as a decoder for `fuzz module:scripts/decoders/ws.mjs#decode`.
import { installed } from './installed.mjs'

const { Receiver } = installed('ws')

/** Frames of a client in one piece, as a server takes them. What the receiver reports is a refusal. */
export function decode(octets) {
  const receiver = new Receiver({ isServer: true, maxPayload: 1 << 20 })
  const messages = []
  let refusal
  receiver.on('message', (data, isBinary) => messages.push({ data, isBinary }))
  receiver.on('error', error => {
    refusal = error
  })
  receiver.write(octets)
  if (refusal) throw Object.assign(new Error(refusal.message), { name: 'WireError' })
  return messages
}
