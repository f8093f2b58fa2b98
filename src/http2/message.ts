import type { Honours, Rule } from '../conformance/rule.ts'
import type { Field } from '../hpack/field.ts'
import { connectionFault, fieldFault, type Malformed } from './field-validity.ts'
import { rfc8441, rfc9113 } from './rules.ts'

/** The header section of a request: its control data, and its regular fields in order. RFC 9113 §8.3.1 */
export interface RequestHead {
  readonly method: string
  /** Not with a plain CONNECT. */
  readonly scheme?: string
  /** As in :authority, or else in Host. */
  readonly authority?: string
  /** Not with a plain CONNECT. */
  readonly path?: string
  /** Of an extended CONNECT. RFC 8441 §4 */
  readonly protocol?: string
  readonly fields: readonly Field[]
  readonly contentLength?: number
}

/** The header section of a response. RFC 9113 §8.3.2 */
export interface ResponseHead {
  readonly status: number
  readonly fields: readonly Field[]
  readonly contentLength?: number
}

/** What was read, as far as it could be, and what is wrong with it. */
export interface Parsed<T> {
  readonly head: T
  readonly malformed?: Malformed
}

export type SectionKind = 'request' | 'response' | 'trailers'

interface Section {
  readonly pseudo: Map<string, string>
  readonly fields: Field[]
  malformed: Malformed | undefined
}

const REQUEST = new Set([':method', ':scheme', ':authority', ':path', ':protocol'])

/** All that holds of every field section. RFC 9113 §8.2, §8.3 */
function section(list: readonly Field[], kind: SectionKind, inRequest: boolean, honours: Honours): Section {
  const pseudo = new Map<string, string>()
  const fields: Field[] = []
  let malformed: Malformed | undefined
  for (const field of list) {
    const { name } = field
    malformed ??= fieldFault(field, honours)
    if (name.charCodeAt(0) !== 0x3a) {
      malformed ??= connectionFault(field, inRequest, honours)
      if (name === 'cookie' && !honours(rfc9113.cookieSplit) && fields.some(each => each.name === name)) {
        malformed ??= { why: 'a second cookie field' }
      }
      fields.push(field)
      continue
    }
    if (malformed === undefined) {
      const rule = pseudoFault(name, kind, fields.length > 0, pseudo, honours)
      if (rule !== undefined) malformed = { why: rule.text }
    }
    if (!pseudo.has(name)) pseudo.set(name, field.value)
  }
  return { pseudo, fields, malformed }
}

/** RFC 9113 §8.3 */
function pseudoFault(
  name: string,
  kind: SectionKind,
  late: boolean,
  seen: ReadonlyMap<string, string>,
  honours: Honours,
): Rule | undefined {
  const { pseudoInTrailers, requestWithStatus, responseWithRequestPseudo } = rfc9113
  if (kind === 'trailers') return [pseudoInTrailers].find(honours)
  if (late && honours(rfc9113.pseudoAfterRegular)) return rfc9113.pseudoAfterRegular
  if (seen.has(name) && honours(rfc9113.pseudoRepeated)) return rfc9113.pseudoRepeated
  if (kind === 'request') {
    if (REQUEST.has(name)) return undefined
    return [name === ':status' ? requestWithStatus : rfc9113.pseudoUnknown].find(honours)
  }
  if (name === ':status') return undefined
  return [REQUEST.has(name) ? responseWithRequestPseudo : rfc9113.pseudoUnknown].find(honours)
}

/** What a server must know of itself to judge a request. */
export interface RequestContext {
  readonly honours: Honours
  /** We have announced SETTINGS_ENABLE_CONNECT_PROTOCOL 1. RFC 8441 §3 */
  readonly extendedConnect: boolean
}

/** Reads a request's header section. RFC 9113 §8.3.1 */
export function parseRequest(
  list: readonly Field[],
  { honours, extendedConnect }: RequestContext,
): Parsed<RequestHead> {
  const read = section(list, 'request', true, honours)
  const { pseudo, fields } = read
  const method = pseudo.get(':method')
  const scheme = pseudo.get(':scheme')
  const path = pseudo.get(':path')
  const protocol = pseudo.get(':protocol')
  const host = fields.find(field => field.name === 'host')?.value
  const authority = pseudo.get(':authority')
  const rule = read.malformed === undefined ? targetFault(pseudo, host, extendedConnect, honours) : undefined
  const length = contentLength(fields)
  const malformed =
    read.malformed ??
    (rule === undefined ? undefined : { why: rule.text }) ??
    (length === 'invalid' && honours(rfc9113.contentLengthMismatch) ? { why: 'content-length is invalid' } : undefined)
  const head: RequestHead = {
    // What a deviant lets pass is taken for the commonest.
    method: method ?? 'GET',
    ...(scheme === undefined ? {} : { scheme }),
    ...((authority ?? host) === undefined ? {} : { authority: (authority ?? host) as string }),
    ...(path === undefined ? {} : { path }),
    ...(protocol === undefined ? {} : { protocol }),
    fields,
    ...(typeof length === 'number' ? { contentLength: length } : {}),
  }
  return malformed === undefined ? { head } : { head, malformed }
}

/** RFC 9113 §8.3.1, §8.5, RFC 8441 §4 */
function targetFault(
  pseudo: ReadonlyMap<string, string>,
  host: string | undefined,
  extendedConnect: boolean,
  honours: Honours,
): Rule | undefined {
  const rules: Rule[] = []
  const method = pseudo.get(':method')
  const scheme = pseudo.get(':scheme')
  const path = pseudo.get(':path')
  const authority = pseudo.get(':authority')
  const extended = pseudo.has(':protocol')
  if (method === undefined || !TOKEN.test(method)) rules.push(rfc9113.methodMissing)
  if (extended && (!extendedConnect || method !== 'CONNECT')) rules.push(rfc8441.protocolWithoutSetting)
  if (method === 'CONNECT' && !extended) {
    if (scheme !== undefined || path !== undefined) rules.push(rfc9113.connectWithSchemeOrPath)
    if (!authority) rules.push(rfc9113.connectWithoutAuthority)
    return rules.find(honours)
  }
  if (extended && (scheme === undefined || path === undefined)) rules.push(rfc8441.extendedConnectWithoutSchemeOrPath)
  if (extended && (scheme === undefined || path === undefined)) return rules.find(honours)
  if (scheme === undefined || !/^[A-Za-z][A-Za-z0-9+.-]*$/.test(scheme)) rules.push(rfc9113.schemeMissing)
  const http = scheme === undefined || /^https?$/i.test(scheme)
  if (path === undefined) rules.push(rfc9113.pathMissing)
  else if (http && path === '') rules.push(rfc9113.pathEmpty)
  else if (http && !path.startsWith('/') && !(path === '*' && method === 'OPTIONS')) rules.push(rfc9113.pathInvalid)
  if (authority !== undefined && host !== undefined && !sameAuthority(authority, host, scheme)) {
    rules.push(rfc9113.hostDiffersFromAuthority)
  }
  return rules.find(honours)
}

/** RFC 9110 §9.1, §5.6.2 */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** RFC 3986 §6.2.2, §6.2.3 */
function sameAuthority(a: string, b: string, scheme: string | undefined): boolean {
  const port = scheme?.toLowerCase() === 'https' ? ':443' : ':80'
  const normal = (text: string) => {
    const lower = text.toLowerCase()
    return lower.endsWith(port) ? lower.slice(0, -port.length) : lower.replace(/:$/, '')
  }
  return normal(a) === normal(b)
}

/** Reads a response's header section. RFC 9113 §8.3.2 */
export function parseResponse(list: readonly Field[], honours: Honours): Parsed<ResponseHead> {
  const read = section(list, 'response', false, honours)
  const { pseudo, fields } = read
  const text = pseudo.get(':status')
  const valid = text !== undefined && /^[1-9][0-9]{2}$/.test(text)
  const length = contentLength(fields)
  const malformed =
    read.malformed ??
    (!valid && honours(rfc9113.statusMissing) ? { why: rfc9113.statusMissing.text } : undefined) ??
    (text === '101' && honours(rfc9113.switchingProtocolsNotSent) ? { why: 'status 101' } : undefined) ??
    (length === 'invalid' && honours(rfc9113.contentLengthMismatch) ? { why: 'content-length is invalid' } : undefined)
  const head: ResponseHead = {
    status: valid ? Number(text) : 200,
    fields,
    ...(typeof length === 'number' ? { contentLength: length } : {}),
  }
  return malformed === undefined ? { head } : { head, malformed }
}

/** Reads a trailer section. RFC 9113 §8.1 */
export function parseTrailers(list: readonly Field[], inRequest: boolean, honours: Honours): Parsed<readonly Field[]> {
  const { fields, malformed } = section(list, 'trailers', inRequest, honours)
  return malformed === undefined ? { head: fields } : { head: fields, malformed }
}

/** Content-Length; a list of one and the same number counts as that number. RFC 9110 §8.6 */
function contentLength(fields: readonly Field[]): number | 'invalid' | undefined {
  let found: number | undefined
  for (const { name, value } of fields) {
    if (name !== 'content-length') continue
    for (const part of value.split(',')) {
      const text = part.trim()
      if (!/^[0-9]{1,15}$/.test(text)) return 'invalid'
      const length = Number(text)
      if (found !== undefined && found !== length) return 'invalid'
      found = length
    }
  }
  return found
}
