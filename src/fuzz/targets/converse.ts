import type { Subject } from '../../conformance/case.ts'
import type { Endpoint, FlowEndpoint, Transport } from '../../machine.ts'

/** What each side of a conversation was given, in order. */
export interface Conversation {
  readonly toServer: readonly Uint8Array[]
  readonly toClient: readonly Uint8Array[]
}

/** Turns after which a conversation has shown enough. */
const TURNS = 64
const REMOTE = { address: '127.0.0.1', port: 50000 }

/** Lets our client talk to our server, in memory: inputs to begin with, for either side. */
export function converse(client: Subject, server: Subject, transport?: Transport): Conversation {
  const toServer: Uint8Array[] = []
  const toClient: Uint8Array[] = []
  if (client.flows) flows(client.flows({ transport, servers: 2 }), server, toServer, toClient)
  else {
    const [one, other] = [client.connect({ transport }), server.connect({ transport, remote: REMOTE })]
    for (let turn = 0; turn < TURNS; turn++) {
      if (carry(one, other, toServer) + carry(other, one, toClient) === 0) break
    }
  }
  return { toServer, toClient }
}

/** Gives one what another has to say; how many octets. */
function carry(from: Endpoint, to: Endpoint, kept: Uint8Array[]): number {
  let count = 0
  for (const output of from.transmit()) {
    if (output === 'close') continue
    const octets = output.slice()
    kept.push(octets)
    count += octets.length
    to.receive(octets, 0)
  }
  return count
}

function flows(client: FlowEndpoint, server: Subject, toServer: Uint8Array[], toClient: Uint8Array[]): void {
  const open = new Map<number, Endpoint>()
  for (let turn = 0; turn < TURNS; turn++) {
    const outputs = client.transmit()
    if (outputs.length === 0) return
    for (const output of outputs) {
      if ('open' in output) open.set(output.open, server.connect({ transport: output.transport, remote: REMOTE }))
      if (!('octets' in output)) continue
      const { flow } = output
      const endpoint = open.get(flow)
      if (!endpoint) continue
      const octets = output.octets.slice()
      toServer.push(octets)
      endpoint.receive(octets, 0)
      for (const answer of endpoint.transmit()) {
        if (answer === 'close') continue
        const copy = answer.slice()
        toClient.push(copy)
        client.receive(flow, copy, 0)
      }
    }
  }
}
