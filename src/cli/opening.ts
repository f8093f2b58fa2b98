import { clientBy, namesPlace, serverBy } from '../../suites/peers/index.ts'
import { protocols } from '../catalog.ts'
import type { Protocol, TalkOptions } from '../conformance/case.ts'
import type { Security } from '../conformance/channel.ts'
import type { Peer } from '../conformance/peer.ts'
import { Refused, Unreachable } from '../conformance/peer.ts'
import { TALK_DEFAULTS, timeLimit } from '../conformance/run.ts'
import { connect } from '../conformance/run-case.ts'
import type { SchemeName } from '../schemes.ts'
import { SCHEMES, schemeOf } from '../schemes.ts'
import type { ServerAddress } from './address.ts'
import { serverAddress } from './address.ts'
import type { Addressed, ClientToGrade, Opened, ServerToGrade } from './grading.ts'
import { UsageError } from './options.ts'
import { readZone } from './zone-file.ts'

/** What a scheme is about. */
export function protocolOf(scheme: SchemeName): Protocol {
  const protocol = protocols[SCHEMES[scheme].protocol]
  if (!protocol) throw new UsageError(`${SCHEMES[scheme].about} is not there yet`)
  return protocol
}

/** Opens a server and makes sure that it is there and speaks its protocol. Throws `UsageError` in one line when not. */
export async function openServer(server: ServerToGrade): Promise<Opened> {
  const address = serverAddress(server.url)
  const { url, scheme, host, port, authority, secure, path } = address
  const protocol = protocolOf(scheme)
  const zone = zoneOf(server, address)
  // A server that is not ours may serve some of what ours does; what it lacks shows when it is asked for.
  const resources = {
    ...protocol.resources,
    ...(path !== undefined && { path }),
    ...(zone !== undefined && { zone }),
    ...server.resources,
  }
  return await checked(url, schemeOf(scheme).alpn, async () => {
    const capture = server.captures !== undefined
    const insecure = server.insecure ?? false
    const peer = await serverBy(scheme, { name: url, host, port, protocol, resources, insecure, capture })
    const channel = await peer.open()
    channel.destroy()
    const { security } = channel
    if (security) refuseOther(url, scheme, protocol, security)
    const named: Peer = { ...peer, address: url }
    const addressed = { authority, secure, resources }
    await speaks(named, protocol, addressed)
    return { protocol, peer: named, addressed: security ? { ...addressed, security: told(security) } : addressed }
  })
}

/** The zone that a server is asked for, where it is not the usual one. */
function zoneOf({ zone: file }: ServerToGrade, { scheme, zone: named }: ServerAddress): string | undefined {
  if (file === undefined) return named
  if (SCHEMES[scheme].protocol !== 'dns') throw new UsageError(`grade: --zone is for DNS, not for ${scheme}://`)
  // Where HTTP carries queries, the URL has another use for its path.
  const origin = scheme === 'https+dns' ? undefined : { name: named, say: `${scheme}://host/example.org` }
  const { apex } = readZone(file, origin)
  if (named === undefined || named.toLowerCase() === apex) return apex
  throw new UsageError(`grade: the URL names the zone ${named}, and ${file} is ${apex}`)
}

/** Throws `UsageError` where TLS agreed on something that leaves nothing to grade. */
function refuseOther(url: string, name: SchemeName, protocol: Protocol, { alpn }: Security): void {
  const scheme = schemeOf(name)
  if (!scheme.alpnNeeded || alpn === scheme.alpn) return
  const offer = alpn === undefined ? 'chooses nothing by ALPN' : `chooses ${alpn} by ALPN`
  throw new UsageError(`${url} ${offer}, not ${scheme.alpn}: there is no ${protocol.title} to grade`)
}

/** Whether a server begins as one of its protocol at all. Throws `UsageError` in one line when not. */
async function speaks(peer: Peer, protocol: Protocol, { authority, secure, resources }: Addressed): Promise<void> {
  const talk: TalkOptions = { ...TALK_DEFAULTS, authority, secure, resources }
  const options = { talk, timeLimit: timeLimit(talk.patience), clock: Date.now }
  const suite = { protocol, role: 'server' as const }
  const { outcome, came } = await connect(suite, protocol.begin('server'), undefined, peer, options, [])
  if (outcome === 'pass') return
  // Nobody has to be there for datagrams to be sent.
  const datagrams = peer.transports?.[0] === 'udp'
  const who = datagrams ? `nobody speaks ${protocol.title} at ${peer.name}` : undefined
  throw new UsageError(`no peer: ${who ?? `${peer.name} takes connections but speaks no ${protocol.title}`}: ${came}`)
}

/** Makes a client ready, and sees whether it connects at all. Throws `UsageError` in one line when not. */
export async function openClient(client: ClientToGrade): Promise<Opened> {
  const { run: command, scheme: name = client.h2c ? 'h2c' : 'https' } = client
  const scheme = schemeOf(name)
  const protocol = protocolOf(name)
  const secure = scheme.alpn !== undefined
  if (!namesPlace(name, command)) {
    const place = scheme.transports.includes('udp') ? '{host} and {port}' : '{url}'
    throw new UsageError(`the command names no place to connect to: put ${place} into '${command}'`)
  }
  const peer = clientBy(name, { run: command, protocol, capture: client.captures !== undefined })
  try {
    return await checked(command, scheme.alpn, async () => {
      const channel = await peer.open()
      channel.destroy()
      const { security } = channel
      const addressed = { authority: 'localhost', secure, resources: {} }
      return {
        protocol,
        peer,
        addressed: security ? { ...addressed, security: told(security) } : addressed,
      }
    })
  } catch (thrown) {
    await peer.close()
    throw thrown
  }
}

function told({ version, cipher }: Security): string {
  return `${version}, ${cipher}`
}

/** Turns what keeps a peer from being graded into one line. */
async function checked(name: string, alpn: string | undefined, open: () => Promise<Opened>): Promise<Opened> {
  try {
    return await open()
  } catch (thrown) {
    if (thrown instanceof Unreachable) throw new UsageError(`no peer: ${thrown.message.replace(/\s*\n\s*/g, '; ')}`)
    if (!(thrown instanceof Refused)) throw thrown
    const why = /no_application_protocol/.test(thrown.message) ? `: it does not offer ${alpn}` : ''
    throw new UsageError(`no peer: ${name} refused the connection: ${thrown.message}${why}`)
  }
}
