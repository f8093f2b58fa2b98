import type { Honours } from '../conformance/rule.ts'
import type { Endpoint } from '../machine.ts'
import { type ServeOptions, serve } from './service.ts'
import { site } from './site.ts'

export function subjectEndpoint(role: 'server' | 'client', honours: Honours, options: ServeOptions = {}): Endpoint {
  if (role === 'client') throw new Error('later')
  return serve(site(honours), { ...options, honours })
}
