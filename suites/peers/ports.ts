import { freePorts } from '../../src/io/free-port.ts'
import { bindUdp } from '../../src/io/udp.ts'
import type { SchemeName } from '../../src/schemes.ts'
import { schemeNames } from '../../src/schemes.ts'

/** A port of 127.0.0.1 for each of these schemes; 0 for those not asked for. */
export async function portsFor(offers: readonly SchemeName[]): Promise<Record<SchemeName, number>> {
  const ports = Object.fromEntries(schemeNames().map(name => [name, 0])) as Record<SchemeName, number>
  for (const name of offers) ports[name] = await freePort()
  return ports
}

/** One that is free for streams and datagrams alike: some servers bind both, whatever is spoken there. */
async function freePort(): Promise<number> {
  for (;;) {
    const [port = 0] = await freePorts(1)
    if (await freeForDatagrams(port)) return port
  }
}

async function freeForDatagrams(port: number): Promise<boolean> {
  try {
    const socket = await bindUdp({ host: '127.0.0.1', port })
    await new Promise<void>(resolve => socket.close(() => resolve()))
    return true
  } catch {
    return false
  }
}
