import { randomBytes } from 'node:crypto'
import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import type { Address } from '../conformance/channel.ts'
import type { FlowEndpoint } from '../machine.ts'
import type { FlowsDriven } from './flow-drive.ts'
import { driveFlows } from './flow-drive.ts'
import type { ClientTls } from './tls.ts'

/** What a resolution tells, as far as a look-up of addresses has to know. */
export interface Resolved {
  readonly kind: 'answer' | 'negative' | 'failure'
  readonly records?: readonly { readonly type: number; readonly data: object }[]
  /** Why there is none: `NXDOMAIN`, `TIMEOUT`. */
  readonly why?: string
}

interface Event<R> {
  readonly request: number
  readonly resolution: R
}

/** A resolver without sockets, as `Resolver` of `src/dns` is one. */
export interface ResolverMachine<R extends Resolved> {
  send(command: { readonly request: number; readonly name: string; readonly type: number }, now: number): Event<R>[]
  receive(flow: number, octets: Uint8Array | 'eof' | 'refused', now: number): Event<R>[]
  tick(now: number): Event<R>[]
  transmit(): ReturnType<FlowEndpoint['transmit']>
  readonly deadline?: number | undefined
}

export interface ResolverOptions<R extends Resolved> {
  /** Where the servers are: addresses, each perhaps with a port, `[::1]:5353`; port 53 where none is given. */
  readonly servers: readonly (string | Address)[]
  /** Makes the machine for so many servers, with entropy of the system's. */
  readonly machine: (given: { servers: number; entropy: (octets: number) => Uint8Array }) => ResolverMachine<R>
  /** For servers that are asked over TLS. */
  readonly tls?: ClientTls | undefined
  /** Told of a bug of the machine; a warning of the process when absent. */
  readonly onThrow?: (thrown: unknown) => void
}

/** A resolver for programs. */
export interface SystemResolver<R extends Resolved> {
  /** Resolves a name and a type, by the type's number. Never rejects: that there is no answer is a resolution. */
  resolve(name: string, type: number): Promise<R>
  /** For the option `lookup` of `node:net`, `node:http` and undici: both families at once, unless one is wanted. */
  readonly lookup: LookupFunction
  /** Closes its sockets. What is under way fails. */
  close(): void
}

const A = 1
const AAAA = 28

/** Puts a resolver on real sockets. Throws `TypeError` for a server that is no address. */
export function createResolver<R extends Resolved>(options: ResolverOptions<R>): SystemResolver<R> {
  const servers = options.servers.map(addressFrom)
  const machine = options.machine({ servers: servers.length, entropy: octets => randomBytes(octets) })
  const waiting = new Map<number, { readonly give: (resolution: R) => void; readonly fail: (error: Error) => void }>()
  let requests = 0
  let closed = false

  function settle(events: readonly Event<R>[]): void {
    for (const { request, resolution } of events) {
      const one = waiting.get(request)
      waiting.delete(request)
      one?.give(resolution)
    }
  }

  function failAll(error: Error): void {
    const all = [...waiting.values()]
    waiting.clear()
    for (const { fail } of all) fail(error)
  }

  const endpoint: FlowEndpoint = {
    receive: (flow, octets, now) => settle(machine.receive(flow, octets, now)),
    tick: now => settle(machine.tick(now)),
    transmit: () => machine.transmit(),
    get deadline() {
      return machine.deadline
    },
  }
  let driven: FlowsDriven | undefined

  function resolve(name: string, type: number): Promise<R> {
    return new Promise((give, fail) => {
      if (closed) throw new Error('the resolver is closed')
      const request = ++requests
      waiting.set(request, { give, fail })
      settle(machine.send({ request, name, type }, performance.now()))
      driven ??= driveFlows(endpoint, {
        servers,
        tls: options.tls,
        onThrow(thrown) {
          driven = undefined
          failAll(thrown instanceof Error ? thrown : new Error(String(thrown)))
          if (options.onThrow) options.onThrow(thrown)
          else process.emitWarning(thrown instanceof Error ? thrown : String(thrown))
        },
      })
      driven.wake()
    })
  }

  return {
    resolve,
    lookup(hostname, { family, all }, callback) {
      const wanted = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : (family ?? 0)
      addressesOf(resolve, hostname, wanted).then(
        found => {
          const [first] = found
          if (all) callback(null, found)
          else if (first) callback(null, first.address, first.family)
        },
        (error: NodeJS.ErrnoException) => callback(error, all ? [] : ''),
      )
    },
    close() {
      closed = true
      driven?.destroy()
      failAll(new Error('the resolver was closed'))
    },
  }
}

/** The addresses of a host: at least one. Rejects with the codes of `dns.lookup`. */
async function addressesOf(
  resolve: (name: string, type: number) => Promise<Resolved>,
  hostname: string,
  family: number,
): Promise<LookupAddress[]> {
  const literal = isIP(hostname)
  if (literal !== 0) return [{ address: hostname, family: literal }]
  // RFC 6761 §6.3: what is local is asked of nobody.
  if (/(^|\.)localhost\.?$/i.test(hostname)) return LOOPBACK.filter(one => family === 0 || one.family === family)
  const types = family === 4 ? [A] : family === 6 ? [AAAA] : [A, AAAA]
  const found = await Promise.all(types.map(type => resolve(hostname, type)))
  const addresses = found.flatMap(({ records = [] }, at) => records.map(({ data }) => addressIn(data, types[at])))
  if (addresses.length > 0) return addresses
  throw lookupError(hostname, found)
}

const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]

function addressIn(data: object, type: number | undefined): LookupAddress {
  const { address } = data as { readonly address: string }
  return { address, family: type === AAAA ? 6 : 4 }
}

/** `ENOTFOUND` where there is no such name or address; `EAI_AGAIN` where nobody could say. */
function lookupError(hostname: string, found: readonly Resolved[]): NodeJS.ErrnoException {
  const failure = found.find(({ kind }) => kind === 'failure')
  const code = failure ? 'EAI_AGAIN' : 'ENOTFOUND'
  const why = (failure ?? found[0])?.why ?? ''
  return Object.assign(new Error(`lookup ${code} ${hostname}: ${why}`), { code, syscall: 'lookup', hostname })
}

const DNS_PORT = 53

function addressFrom(server: string | Address): Address {
  if (typeof server !== 'string') return server
  const [, six, four, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(server) ?? []
  const address = six ?? four ?? server
  if (isIP(address) === 0) throw new TypeError(`'${server}' is no address of a server`)
  return { address, port: port === undefined ? DNS_PORT : Number(port) }
}
