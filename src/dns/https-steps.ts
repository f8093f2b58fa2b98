import type { Step, TalkOptions } from '../conformance/case.ts'
import type { Finding } from '../conformance/verdict.ts'
import type { Field } from '../hpack/field.ts'
import { type Ask, messageOf } from './ask.ts'
import { type Check, phrase } from './expect.ts'
import { type DnsRequest, type DnsResponse, fetched, posted } from './https-carrier.ts'
import { DNS_PATH } from './https-server.ts'
import { encodeMessage, type Message } from './message.ts'
import { TYPE } from './mnemonics.ts'
import type { DnsTalk, Seen } from './talk.ts'

/** What a request is made of: a query in octets, and the path that the server has for them. */
export type Build = (query: Uint8Array, path: string) => DnsRequest

/** The query as the content of a POST request, with fields besides, or in place, of the usual ones. */
export function byPost(...fields: readonly Field[]): Build {
  return (query, path) => withFields(posted(query, path), fields)
}

/** The query as the parameter of a GET request. */
export function byGet(...fields: readonly Field[]): Build {
  return (query, path) => withFields(fetched(query, path), fields)
}

/** Without a field, or with other values of some. */
function withFields(request: DnsRequest, fields: readonly Field[]): DnsRequest {
  const names = new Set(fields.map(({ name }) => name))
  const kept = (request.fields ?? []).filter(({ name }) => !names.has(name))
  return { ...request, fields: [...kept, ...fields.filter(({ value }) => value !== '')] }
}

/** A request of a case: what it asks and on which stream. */
interface Requested {
  readonly asked: Message
  readonly stream: number
}

const requests = new WeakMap<DnsTalk, Requested[]>()

/** Requests that go out in one flight, the last of which is the one to be judged. */
export function ask(says: string, build: Build, ...asks: readonly Ask[]): Step<DnsTalk> {
  return {
    says,
    command: options =>
      asks.map(one => curlCommand(build(octetsOf(one, options), pathOf(options)), options)).join('; '),
    run(talk) {
      const list = requests.get(talk) ?? []
      for (const one of asks) {
        const asked = messageOf(one, talk.zone, one.id ?? 0)
        const octets = encodeMessage(asked)
        const request = build(one.mangle ? one.mangle(octets) : octets, pathOf(talk.options))
        list.push({ asked, stream: talk.request(request) })
      }
      requests.set(talk, list)
      return undefined
    },
  }
}

/** What came of a request, with its message where it has one. */
export interface Answered {
  readonly http: DnsResponse
  readonly asked: Message
  readonly seen: Extract<Seen, { readonly http?: DnsResponse }>
}

/** What has to be true of an HTTP response. */
export interface HttpCheck {
  readonly says: string
  fault(came: Answered, talk: DnsTalk): string | undefined
}

export function httpCheck(says: string, fault: HttpCheck['fault']): HttpCheck {
  return { says, fault }
}

/** The content is a DNS response that passes these checks. */
export function dnsResponse(...checks: readonly Check[]): HttpCheck {
  return httpCheck(`a DNS response with ${phrase(checks.map(({ says }) => says))}`, ({ seen, asked, http }, talk) => {
    if (seen.kind === 'garbled') return `its content is no message: ${seen.error.message}`
    if (seen.kind !== 'message') return `status ${http.status} with ${fieldOf(http, 'content-type') || 'no media type'}`
    const faults = checks.flatMap(one => one.fault(seen.message, asked, talk, seen.octets) ?? [])
    return faults.length === 0 ? undefined : phrase(faults)
  })
}

/** A status, for example `400` to `499`. */
export function status(least: number, most = least): HttpCheck {
  return httpCheck(`a status of ${least === most ? least : `${least} to ${most}`}`, ({ http }) =>
    http.status >= least && http.status <= most ? undefined : statusText(http),
  )
}

/** Expects the last request to be answered so; what else refuses it, by a status of 400 and above or not at all, is `otherwise`. */
export function expectHttp(otherwise: 'weak' | 'fail', ...checks: readonly HttpCheck[]): Step<DnsTalk> {
  return expectRequests(list => list.slice(-1), otherwise, checks)
}

/** Expects all requests so far to be answered so. */
export function expectEachHttp(...checks: readonly HttpCheck[]): Step<DnsTalk> {
  return expectRequests(list => list, 'fail', checks)
}

function expectRequests(
  which: (list: readonly Requested[]) => readonly Requested[],
  otherwise: 'weak' | 'fail',
  checks: readonly HttpCheck[],
): Step<DnsTalk> {
  const expected = `an HTTP response with ${phrase(checks.map(({ says }) => says))}`
  return {
    says: `expect ${expected}`,
    async run(talk): Promise<Finding> {
      for (const { asked, stream } of which(requests.get(talk) ?? [])) {
        const seen = await responseOn(talk, stream)
        if (seen.kind === 'nothing') {
          return { outcome: otherwise, expected, came: 'no response, while later requests got theirs' }
        }
        if (!('http' in seen) || seen.http === undefined) return { outcome: 'fail', expected, came: seen.kind }
        const { http } = seen
        if (http.cut) return { outcome: otherwise, expected, came: 'the stream was reset' }
        const faults = checks.flatMap(one => one.fault({ http, asked, seen }, talk) ?? [])
        const came = `${statusText(http)}${faults.length > 0 ? `: ${phrase(faults)}` : ''}`
        if (faults.length > 0) return { outcome: http.status >= 400 ? otherwise : 'fail', expected, came }
      }
      return { outcome: 'pass', expected, came: 'that' }
    },
  }
}

/** Requests that show that all before them were taken in. */
const BARRIERS = 2

/**
 * What comes on a stream. One that is not answered is told from one that is slow by requests behind it; these are without
 * content, which flow control may keep back.
 */
async function responseOn(talk: DnsTalk, stream: number): Promise<Seen | { readonly kind: 'nothing' }> {
  const on = (wanted: number) => talk.seen.find(seen => 'http' in seen && seen.http?.stream === wanted)
  for (let round = 0; round < BARRIERS; round++) {
    const name = `barrier-${talk.freshId().toString(16)}`
    const query = encodeMessage(messageOf({ name, type: TYPE.A }, talk.zone, 0))
    const barrier = talk.request(fetched(query, pathOf(talk.options)))
    for (;;) {
      const known = on(stream)
      if (known) return known
      if (on(barrier)) break
      const seen = await talk.next()
      if (seen.kind === 'silence' || seen.kind === 'end') return on(stream) ?? seen
    }
  }
  return on(stream) ?? { kind: 'nothing' }
}

export function fieldOf({ fields }: DnsResponse, name: string): string {
  return fields.find(field => field.name === name)?.value ?? ''
}

function statusText({ status: given }: DnsResponse): string {
  return `status ${given}`
}

function pathOf({ resources }: TalkOptions): string {
  return resources['path'] ?? DNS_PATH
}

function octetsOf(one: Ask, { resources }: TalkOptions): Uint8Array {
  const octets = encodeMessage(messageOf(one, resources['zone'] ?? '.', one.id ?? 0))
  return one.mangle ? one.mangle(octets) : octets
}

/** The same request by curl. */
function curlCommand({ method, path, fields = [], content }: DnsRequest, { authority }: TalkOptions): string {
  const words = ['curl -sik --http2', `-X ${method}`]
  for (const { name, value } of fields) if (name !== 'content-length') words.push(`-H '${name}: ${value}'`)
  if (content !== undefined) words.push('--data-binary @-')
  const hex = content && Buffer.from(content).toString('hex')
  const source = hex === undefined ? '' : `echo ${hex.length > 400 ? `${hex.slice(0, 400)}...` : hex} | xxd -r -p | `
  return `${source}${words.join(' ')} 'https://${authority}${path}' | xxd`
}
