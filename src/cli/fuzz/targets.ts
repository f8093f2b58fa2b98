import { codecs, protocols, suites } from '../../catalog.ts'
import type { Protocol, Talk } from '../../conformance/case.ts'
import { honoursAll, type Role } from '../../conformance/rule.ts'
import type { Target } from '../../fuzz/target.ts'
import { codecTarget } from '../../fuzz/targets/codec.ts'
import { converse } from '../../fuzz/targets/converse.ts'
import { isLive } from '../../fuzz/targets/diff-name.ts'
import { machineTarget } from '../../fuzz/targets/machine.ts'
import { moduleNamed } from '../../fuzz/targets/module.ts'
import { arrivals } from '../../fuzz/targets/pieces.ts'
import { propertyNamed, roundTripTarget } from '../../fuzz/targets/property.ts'
import type { Transport } from '../../machine.ts'
import { schemeOf } from '../../schemes.ts'
import { didYouMean } from '../nearest.ts'
import { UsageError } from '../options.ts'
import { diffTargetNamed } from './diff.ts'
import { fuzzedServers, serverTargetNamed } from './server.ts'
import { codecVectors } from './vectors.ts'

/** A target that everybody has, as `list targets` shows it. */
export interface ListedTarget {
  readonly name: string
  readonly about: string
}

/** Which transports of a protocol make a machine of its own: what is said by TLS is said by TCP. */
const SAME: readonly Transport[] = ['tls']

const ROLES: readonly Role[] = ['server', 'client']

interface MachineName {
  readonly protocol: Protocol<Talk>
  readonly role: Role
  readonly transport: Transport | undefined
}

/** `http2/server`, `dns/server`, `dns/server/tcp`: the first transport goes without saying, a client chooses its own. */
function machines(): Map<string, MachineName> {
  const found = new Map<string, MachineName>()
  for (const protocol of Object.values(protocols))
    for (const role of ROLES) {
      const all = (protocol.transports ?? [undefined]).filter(each => each === undefined || !SAME.includes(each))
      const [usual, ...others] = role === 'client' ? all.slice(0, 1) : all
      const name = `${protocol.name}/${role}`
      found.set(name, { protocol, role, transport: usual })
      for (const transport of others) found.set(`${name}/${transport}`, { protocol, role, transport })
    }
  return found
}

/** All targets of the catalogue. */
export function listedTargets(): ListedTarget[] {
  return [
    ...Object.entries(codecs).map(([name, { about }]) => ({ name: `codec:${name}`, about })),
    ...[...machines()].map(([name, machine]) => ({ name: `machine:${name}`, about: aboutMachine(machine) })),
    ...Object.entries(codecs).map(([name, line]) => roundTripTarget(name, line)),
  ]
}

/** The real servers that can be targets. */
export function listedServers(): ListedTarget[] {
  return fuzzedServers().map(({ name, offers }) => ({
    name: `server:${name}`,
    about: `${name}, by ${offers.map(scheme => schemeOf(scheme).about).join(', ')}`,
  }))
}

function aboutMachine({ protocol, role, transport }: MachineName): string {
  return `our ${role} of ${protocol.title}${transport === undefined ? '' : ` over ${transport.toUpperCase()}`}`
}

/** What a target may be told besides its name. */
export interface TargetOptions {
  /** Names of errors that are refusals, for modules. */
  readonly allow?: readonly string[]
  /** For differentials: what is compared, and the file of what is known. For servers: `program`, and `mine: 'yes'`. */
  readonly settings?: Readonly<Record<string, string>> | undefined
}

/** The target of a name. Throws `UsageError` that says what may be meant. */
export function targetNamed(name: string, { allow = [], settings }: TargetOptions = {}): Target {
  const colon = name.indexOf(':')
  const [kind, rest] = [name.slice(0, colon), name.slice(colon + 1)]
  const line = Object.hasOwn(codecs, rest) ? codecs[rest] : undefined
  if (kind === 'codec' && line) return codecTarget(rest, line, codecVectors(rest))
  if (kind === 'property' && line) return roundTripTarget(rest, line)
  if (kind === 'property' && rest.includes('#')) return propertyNamed(name, allow)
  if (kind === 'machine') {
    const machine = machines().get(rest)
    if (machine) return machineOf(rest, machine)
  }
  if (kind === 'module' && rest !== '') return moduleNamed(name, allow)
  if (kind === 'server' || kind === 'url')
    return serverTargetNamed(name, { ...settings, mine: settings?.['mine'] === 'yes' })
  if (kind === 'diff') return diffTargetNamed(name, { allow, ...settings, mine: settings?.['mine'] === 'yes' })
  const names = [...listedTargets(), ...listedServers()].map(target => target.name)
  throw new UsageError(
    `fuzz: no target '${name}'${didYouMean(name, names)} (wiregrade list targets; module:FILE#EXPORT; property:FILE#EXPORT; diff:A,B)`,
  )
}

/** Whether inputs of a target are sequences of pieces. */
export function takesPieces(name: string): boolean {
  const line = codecs[name.replace(/^codec:/, '')]
  return name.startsWith('machine:') || isLive(name) || (line !== undefined && !('codec' in line))
}

function machineOf(name: string, machine: MachineName): Target {
  const { protocol, role, transport } = machine
  return machineTarget({
    name,
    about: aboutMachine(machine),
    subject: () => protocol.subject(role, honoursAll),
    // A client's chance goes on from input to input otherwise.
    freshSubject: role === 'client',
    transport,
    seeds: machineSeeds(machine),
    describe: (segments, over) => protocol.describe(segments, over),
  })
}

/** What our other side says, and what the cases send: each once, after the usual beginning. */
function machineSeeds({ protocol, role, transport }: MachineName): Uint8Array[] {
  const seeds: Uint8Array[] = []
  const conversed = quiet(() =>
    converse(protocol.subject('client', honoursAll), protocol.subject('server', honoursAll), transport),
  )
  const said = role === 'server' ? conversed?.toServer : conversed?.toClient
  if (said?.length) seeds.push(arrivals(...said))
  const begin =
    role === 'server' && transport !== undefined && transport !== 'https'
      ? []
      : role === 'server'
        ? [protocol.hello(transport ?? 'tcp', protocol.resources).octets]
        : protocol.begin(role).flatMap(step => step.octets ?? [])
  if (role === 'server') seeds.push(arrivals(protocol.hello(transport ?? 'tcp', protocol.resources).octets))
  for (const suite of suites) {
    if (suite.protocol.name !== protocol.name || suite.role !== role) continue
    for (const { steps, opening } of suite.cases) {
      if (opening?.transport !== undefined && opening.transport !== transport) continue
      const parts = steps.flatMap(step => (step.octets && step.octets.length > 0 ? [step.octets] : []))
      if (parts.length > 0 && parts.length <= 16) seeds.push(arrivals(...begin, ...parts))
    }
  }
  const few = new Map(
    seeds.filter(seed => seed.length <= 8192).map(seed => [Buffer.from(seed).toString('latin1'), seed]),
  )
  return [...few.values()]
}

function quiet<T>(does: () => T): T | undefined {
  try {
    return does()
  } catch {
    return undefined
  }
}
