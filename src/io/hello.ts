import type { Hello } from '../conformance/case.ts'
import type { Channel } from '../conformance/channel.ts'

/** How often a question is asked anew where datagrams may be lost. */
const ATTEMPTS = 3

/** Whether a server answers the shortest question in so many ms. Never throws. */
export async function answersHello(open: () => Promise<Channel>, hello: Hello, timeout: number): Promise<boolean> {
  try {
    const channel = await open()
    try {
      return await answered(channel, hello, timeout)
    } finally {
      channel.destroy()
    }
  } catch {
    return false
  }
}

async function answered(channel: Channel, hello: Hello, timeout: number): Promise<boolean> {
  const datagrams = channel.transport === 'udp'
  const patience = datagrams ? timeout / ATTEMPTS : timeout
  let heard: Uint8Array = new Uint8Array(0)
  for (let attempt = 0; attempt < (datagrams ? ATTEMPTS : 1); attempt++) {
    channel.send(hello.octets)
    for (;;) {
      const arrival = await channel.receive(patience)
      if (arrival.kind === 'silence') break
      if (arrival.kind !== 'octets') return false
      heard = datagrams ? arrival.octets : Buffer.concat([heard, arrival.octets])
      if (hello.answeredBy(heard)) return true
    }
  }
  return false
}
