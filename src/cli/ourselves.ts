import { joined, serverBy } from '../../suites/peers/index.ts'
import { protocols } from '../catalog.ts'
import type { Protocol } from '../conformance/case.ts'
import type { Peer } from '../conformance/peer.ts'
import { honoursAll } from '../conformance/rule.ts'
import type { Host } from '../io/host.ts'
import type { SchemeName } from '../schemes.ts'
import { schemeOf } from '../schemes.ts'
import { isTested } from './cases.ts'
import type { Opened } from './grading.ts'
import { hostSubject } from './hosting.ts'
import type { Subject } from './peer-list.ts'

/** Our own server, behind real sockets: each is one subject. */
const OURS: readonly { readonly name: string; readonly schemes: readonly [SchemeName, ...SchemeName[]] }[] = [
  { name: 'wiregrade, h2c', schemes: ['h2c'] },
  { name: 'wiregrade, TLS', schemes: ['https'] },
  { name: 'wiregrade, DNS', schemes: ['dns', 'tls+dns', 'https+dns'] },
]

/** Our own server, of one protocol or of all that there are. */
export function ourselves(only?: string): Subject[] {
  return OURS.flatMap(({ name, schemes }) => {
    const protocol = protocols[schemeOf(schemes[0]).protocol]
    if (!protocol || !isTested(protocol.name, 'server') || (only ?? protocol.name) !== protocol.name) return []
    return [{ name, protocol, open: () => openOurs(name, protocol, schemes) }]
  })
}

async function openOurs(
  name: string,
  protocol: Protocol,
  schemes: readonly [SchemeName, ...SchemeName[]],
): Promise<Opened> {
  let died: string | undefined
  const options = {
    host: '127.0.0.1',
    port: 0,
    onThrow(thrown: unknown) {
      died ??= thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
    },
  }
  const subject = protocol.subject('server', honoursAll)
  const { resources } = protocol
  const served = async (scheme: SchemeName): Promise<{ host: Host; peer: Peer }> => {
    const host = await hostSubject(subject, scheme, options)
    const where = { host: '127.0.0.1', port: host.port, insecure: true, serverName: 'localhost' }
    return { host, peer: await serverBy(scheme, { name, protocol, resources, ...where }) }
  }
  const [usual, ...others] = schemes
  const first = await served(usual)
  const more = await Promise.all(others.map(served))
  const peer = joined(first.peer, ...more.map(one => one.peer))
  return {
    protocol,
    peer: {
      ...peer,
      address: `${usual}://${first.host.authority}`,
      health: async () => (died === undefined ? await peer.health() : { alive: false, how: died }),
      revive() {
        died = undefined
        return Promise.resolve()
      },
      async close() {
        await Promise.all([first, ...more].map(({ host }) => host.close()))
      },
    },
    addressed: {
      authority: `localhost:${first.host.port}`,
      secure: schemeOf(usual).alpn !== undefined,
      resources,
    },
  }
}
