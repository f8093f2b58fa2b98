import { type Honours, honoursAll } from '../conformance/rule.ts'
import type { Endpoint } from '../machine.ts'
import { alterFields, deviate } from './deviants/apply.ts'
import { type ClientRequest, Driver } from './driver.ts'
import { limits } from './rules.ts'
import { type ServeOptions, type ServerEndpoint, serve } from './service.ts'
import { site } from './site.ts'

export interface SubjectOptions extends Omit<ServeOptions, 'honours' | 'alterFields' | 'onAbuse'> {
  /** What the client asks for: one GET of `/` from `localhost`. */
  readonly requests?: readonly ClientRequest[]
}

const REQUEST: ClientRequest = {
  head: {
    method: 'GET',
    scheme: 'http',
    authority: 'localhost',
    path: '/',
    fields: [{ name: 'accept', value: '*/*' }],
  },
}

/** Deviants that no longer serve anybody, once one connection has abused them. */
const broken = new WeakSet<Honours>()

/** Hears nothing, says nothing. */
const DEAD: ServerEndpoint = { receive() {}, tick() {}, transmit: () => [], shutdown() {}, size: 0 }

/**
 * Our own machine with its application inside, for one connection: the built-in site, or a client that makes its requests
 * and leaves. What it does not honour it breaks, so that a peer can see it.
 */
export function subjectEndpoint(role: 'client', honours: Honours, options?: SubjectOptions): Endpoint
export function subjectEndpoint(role: 'server', honours: Honours, options?: SubjectOptions): ServerEndpoint
export function subjectEndpoint(role: 'server' | 'client', honours: Honours, options?: SubjectOptions): Endpoint
export function subjectEndpoint(role: 'server' | 'client', honours: Honours, options: SubjectOptions = {}): Endpoint {
  if (broken.has(honours)) return DEAD
  const onAbuse = honours(limits.stillServing) ? undefined : () => void broken.add(honours)
  const rules = honours === honoursAll ? { honours } : { honours, alterFields: alterFields(honours), onAbuse }
  if (role === 'client') {
    const driver = new Driver({ ...options, ...rules, requests: options.requests ?? [REQUEST] })
    const altered = deviate(driver, role, honours)
    // Its exit status is that of what is inside.
    if (altered !== driver) Object.defineProperty(altered, 'exitCode', { get: () => driver.exitCode })
    return altered
  }
  const server = serve(site(honours), { ...options, ...rules })
  const altered = deviate(server, role, honours)
  return altered === server ? server : Object.assign(altered, { shutdown: (now: number) => server.shutdown(now) })
}
