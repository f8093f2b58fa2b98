import type { Connected } from '../conformance/case.ts'
import type { Field } from '../hpack/field.ts'
import type { Exchange } from '../http2/exchange.ts'
import { serve } from '../http2/service.ts'
import type { Endpoint } from '../machine.ts'
import { Reader } from '../wire/reader.ts'
import { message } from './message.ts'
import { RCODE, TYPE } from './mnemonics.ts'
import { respond } from './respond.ts'
import { rfc8484 } from './rules.ts'
import { viaOf } from './server.ts'
import type { Site } from './site.ts'

/** The media type of a DNS message. RFC 8484 §6 */
export const DNS_MESSAGE = 'application/dns-message'

/** The path of the URI template that most servers have. RFC 8484 §4.1.1 */
export const DNS_PATH = '/dns-query'

/** Octets of content above which no query is. */
const MOST = 0xffff

/** A server's side of one HTTP/2 connection whose requests hold queries. RFC 8484 */
export function httpsEndpoint(site: Site, connected: Connected): Endpoint {
  return serve(
    exchange => {
      const { method, path = '' } = exchange.request
      const [resource, search = ''] = path.split('?')
      if (resource !== DNS_PATH) return refuse(exchange, 404)
      if (!site.honours(rfc8484.http2Served)) return refuse(exchange, 505)
      if (!site.honours(rfc8484.concurrentQueries) && exchange.stream > 1) return {}
      if (method === 'GET' || method === 'HEAD') return answerGet(site, connected, exchange, search)
      return method === 'POST' ? answerPost(site, connected, exchange) : refuse(exchange, 405)
    },
    { epoch: connected.epoch ?? 0 },
  )
}

function answerGet({ honours, ...rest }: Site, connected: Connected, exchange: Exchange, search: string) {
  const site = { honours, ...rest }
  const given = new URLSearchParams(search).get('dns')
  if (given === null) return honours(rfc8484.missingParameterRefused) ? refuse(exchange, 400) : respondEmpty(exchange)
  if (!/^[A-Za-z0-9_-]*$/.test(given) || given.length % 4 === 1) {
    return honours(rfc8484.malformedBase64Refused) ? refuse(exchange, 400) : respondEmpty(exchange)
  }
  if (!honours(rfc8484.getAnswered)) return refuse(exchange, 405)
  const octets = Buffer.from(given, 'base64url')
  return { end: () => answer(site, connected, exchange, octets) }
}

function answerPost(site: Site, connected: Connected, exchange: Exchange) {
  const { honours } = site
  const { fields } = exchange.request
  if (!honours(rfc8484.acceptNotNeeded) && !fields.some(({ name }) => name === 'accept')) return refuse(exchange, 406)
  const given = fields.find(({ name }) => name === 'content-type')?.value ?? ''
  const type = honours(rfc8484.caseOfMediaType) ? given.toLowerCase() : given
  if (type.split(';')[0]?.trim() !== DNS_MESSAGE && honours(rfc8484.mediaTypeRefused)) return refuse(exchange, 415)
  if (!honours(rfc8484.postAnswered)) return refuse(exchange, 405)
  const chunks: Uint8Array[] = []
  let length = 0
  return {
    data(octets: Uint8Array) {
      length += octets.length
      if (length <= MOST) chunks.push(octets.slice())
    },
    end() {
      if (length > MOST) refuse(exchange, 413)
      else answer(site, connected, exchange, Buffer.concat(chunks))
    },
  }
}

function answer(site: Site, connected: Connected, exchange: Exchange, octets: Uint8Array): void {
  const { honours } = site
  const [response] = respond(site, octets, viaOf({ ...connected, transport: 'https' }, 0))
  if (response === undefined) {
    refuse(exchange, 400)
    return
  }
  const sent = Uint8Array.from(response)
  if (!honours(rfc8484.idZeroCopied)) sent[1] = (sent[1] as number) ^ 1
  const { lifetime, failed } = summary(sent)
  if (failed && !honours(rfc8484.dnsErrorsAreSuccess)) {
    refuse(exchange, 404)
    return
  }
  const fields: Field[] = [
    { name: 'content-type', value: honours(rfc8484.responseMediaType) ? DNS_MESSAGE : 'application/octet-stream' },
    { name: 'content-length', value: String(sent.length) },
    { name: 'cache-control', value: `max-age=${honours(rfc8484.freshnessWithinTtl) ? lifetime : lifetime + 86_400}` },
  ]
  exchange.respond(200, fields, sent)
}

/** How long a response may be kept, in seconds, and whether it tells of an error. RFC 8484 §5.1 */
function summary(octets: Uint8Array): { readonly lifetime: number; readonly failed: boolean } {
  const { answers, authority, rcode } = message.read(new Reader(octets))
  const kept = answers.length > 0 ? answers : authority.filter(({ type }) => type === TYPE.SOA)
  return {
    lifetime: kept.length === 0 ? 0 : Math.min(...kept.map(({ ttl }) => ttl)),
    failed: rcode !== RCODE.NOERROR,
  }
}

function respondEmpty(exchange: Exchange) {
  exchange.respond(200, [{ name: 'content-type', value: DNS_MESSAGE }], new Uint8Array(0))
  return {}
}

function refuse(exchange: Exchange, status: number) {
  const content = Buffer.from(`${status}\n`)
  exchange.respond(status, [{ name: 'content-type', value: 'text/plain' }], content)
  exchange.stopRequest()
  return {}
}
