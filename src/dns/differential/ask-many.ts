import type { Channel } from '../../conformance/channel.ts'

/** How many questions are under way: what a server's buffer holds for sure. */
const UNDER_WAY = 64
/** How often a question is asked, as datagrams may be lost. */
const ATTEMPTS = 3

/**
 * Asks many questions over one channel of datagrams, several at a time, and answers the responses in the order of the
 * questions; `undefined` for what got none in so many ms, each time it was asked. Each has the identifier that `queries`
 * is called with. It gives up once the channel is refused.
 */
export async function askMany(
  channel: Channel,
  count: number,
  query: (index: number, id: number) => Uint8Array,
  patience: number,
): Promise<(Uint8Array | undefined)[]> {
  const responses: (Uint8Array | undefined)[] = new Array(count).fill(undefined)
  let waiting = Array.from({ length: count }, (_, index) => index)
  for (let attempt = 0; attempt < ATTEMPTS && waiting.length > 0; attempt++) {
    if (!(await askOnce(channel, waiting, query, patience, responses))) break
    waiting = waiting.filter(index => responses[index] === undefined)
  }
  return responses
}

async function askOnce(
  channel: Channel,
  indices: readonly number[],
  query: (index: number, id: number) => Uint8Array,
  patience: number,
  responses: (Uint8Array | undefined)[],
): Promise<boolean> {
  const underWay = new Map<number, number>()
  let next = 0
  while (next < indices.length || underWay.size > 0) {
    while (next < indices.length && underWay.size < UNDER_WAY) {
      const index = indices[next++] as number
      const id = index & 0xffff
      if (underWay.has(id)) continue
      underWay.set(id, index)
      channel.send(query(index, id))
    }
    const arrival = await channel.receive(patience)
    // Those are lost: others still come.
    if (arrival.kind === 'silence') underWay.clear()
    else if (arrival.kind !== 'octets') return false
    else {
      const { octets } = arrival
      const id = ((octets[0] ?? 0) << 8) | (octets[1] ?? 0)
      const index = underWay.get(id)
      if (index === undefined) continue
      underWay.delete(id)
      responses[index] = octets
    }
  }
  return true
}
