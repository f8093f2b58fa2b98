import type { Connected } from '../conformance/case.ts'
import type { Field } from '../hpack/field.ts'
import type { Exchange } from '../http2/exchange.ts'
import { type RequestListener, serve } from '../http2/service.ts'
import type { Endpoint } from '../machine.ts'
import { Reader } from '../wire/reader.ts'
import { framed } from './framing.ts'
import { type Message, message } from './message.ts'
import { RCODE, TYPE } from './mnemonics.ts'
import { SOA } from './rdata/rfc1035.ts'
import { dataOf } from './record.ts'
import { respond } from './respond.ts'
import { rfc8484 } from './rules.ts'
import { viaOf } from './server.ts'
import type { Site } from './site.ts'

/** The media type of a DNS message. RFC 8484 §6 */
export const DNS_MESSAGE = 'application/dns-message'

/** The path of the URI template that most servers have. RFC 8484 §4.1.1 */
export const DNS_PATH = '/dns-query'

/** Octets of content above which nothing is a message. RFC 8484 §6 */
const MOST = 0xffff

/** How a query is answered once it is there whole. */
type Answer = (exchange: Exchange, query: Uint8Array) => void

/** A server's side of one HTTP/2 connection whose requests hold queries. RFC 8484 */
export function httpsEndpoint(site: Site, connected: Connected): Endpoint {
  let clock = 0
  const answer: Answer = (exchange, query) => {
    const via = viaOf({ ...connected, transport: 'https' }, clock)
    const [response] = respond(site, query, via)
    // What is no query, a response for example, gets none.
    if (response === undefined) refuse(site, exchange, 400)
    else send(site, exchange, response, query)
  }
  const endpoint = serve(exchange => request(site, exchange, answer), { epoch: connected.epoch ?? 0 })
  return {
    receive(octets, now) {
      clock = now
      endpoint.receive(octets, now)
    },
    tick(now) {
      clock = now
      endpoint.tick(now)
    },
    transmit: () => endpoint.transmit(),
    shutdown: now => endpoint.shutdown(now),
    get deadline() {
      return endpoint.deadline
    },
  }
}

function request(site: Site, exchange: Exchange, answer: Answer): RequestListener {
  const { honours } = site
  const { method, path = '', fields } = exchange.request
  const [resource, search = ''] = path.split('?')
  if (resource !== DNS_PATH) return refuse(site, exchange, 404)
  if (!honours(rfc8484.http2Served)) return refuse(site, exchange, 505)
  if (!honours(rfc8484.exchangeEach) && exchange.stream > 1) return {}
  if (!honours(rfc8484.acceptNotNeeded) && fieldOf(fields, 'accept') !== DNS_MESSAGE) return refuse(site, exchange, 406)
  if ((method === 'GET' || method === 'HEAD') && honours(rfc8484.getAnswered)) {
    return fetchRequest(site, exchange, search, answer)
  }
  if (method === 'POST' && honours(rfc8484.postAnswered)) return postRequest(site, exchange, answer)
  return refuse(site, exchange, 405, [{ name: 'allow', value: 'GET, HEAD, POST' }])
}

/** The query is the parameter `dns`, in base64url without padding. RFC 8484 §6 */
function fetchRequest(site: Site, exchange: Exchange, search: string, answer: Answer): RequestListener {
  const given = new URLSearchParams(search).get('dns')
  if (given === null || !/^[A-Za-z0-9_-]+$/.test(given) || given.length % 4 === 1) return refuse(site, exchange, 400)
  const query = Buffer.from(given, 'base64url')
  if (query.length > MOST) return refuse(site, exchange, 414)
  return { end: () => answer(exchange, query) }
}

/** The query is the content. RFC 8484 §4.1 */
function postRequest(site: Site, exchange: Exchange, answer: Answer): RequestListener {
  const { honours } = site
  const { fields } = exchange.request
  const given = fieldOf(fields, 'content-type')
  // Types are the same in letters of either case. RFC 9110 §8.3.1
  const type = honours(rfc8484.mediaTypeOfAnyCase) ? given.toLowerCase() : given
  if (type.split(';')[0]?.trim() !== DNS_MESSAGE && honours(rfc8484.mediaTypeRefused)) {
    return refuse(site, exchange, 415, [{ name: 'accept', value: DNS_MESSAGE }])
  }
  const most = honours(rfc8484.messageLimit) ? MOST : 2 * MOST
  if (Number(fieldOf(fields, 'content-length')) > most) return refuse(site, exchange, 413)
  let chunks: Uint8Array[] = []
  let length = 0
  return {
    data(octets) {
      length += octets.length
      if (length <= most) chunks.push(octets.slice())
      else chunks = []
    },
    end() {
      if (length > most) refuse(site, exchange, 413)
      else answer(exchange, Buffer.concat(chunks))
    },
  }
}

/** A DNS response, whatever its code, is a success of HTTP. RFC 8484 §4.2.1 */
function send(site: Site, exchange: Exchange, response: Uint8Array, query: Uint8Array): void {
  const { honours } = site
  const said = message.read(new Reader(response))
  const malformed = said.rcode === RCODE.FORMERR && !honours(rfc8484.successIsResponse)
  if (malformed || (said.rcode !== RCODE.NOERROR && !honours(rfc8484.dnsErrorsAreSuccess))) {
    refuse(site, exchange, 404)
    return
  }
  const content = honours(rfc8484.contentWithoutLength) ? response : framed(response)
  if (query[0] === 0 && query[1] === 0 && !honours(rfc8484.idZeroAnswered)) content[1] = 1
  const lifetime = lifetimeOf(site, said)
  const fields: Field[] = [
    { name: 'content-type', value: honours(rfc8484.responseMediaType) ? DNS_MESSAGE : 'application/octet-stream' },
    { name: 'content-length', value: String(content.length) },
    ...(honours(rfc8484.freshnessAssigned) ? [{ name: 'cache-control', value: `max-age=${lifetime}` }] : []),
  ]
  exchange.respond(200, fields, content)
}

/** For how many seconds a response may be kept. RFC 8484 §5.1 */
function lifetimeOf({ honours }: Site, { answers, authority }: Message): number {
  if (answers.length === 0) {
    const soa = authority.find(({ type }) => type === TYPE.SOA)
    const lifetime = soa === undefined ? 0 : Math.min(soa.ttl, dataOf(soa, SOA)?.minimum ?? 0)
    return honours(rfc8484.freshnessWithinMinimum) ? lifetime : lifetime + 1
  }
  const lifetime = Math.min(...answers.map(({ ttl }) => ttl))
  if (!honours(rfc8484.freshnessWithinTtl)) return lifetime + 1
  return honours(rfc8484.freshnessEqualsTtl) ? lifetime : lifetime >> 1
}

function fieldOf(fields: readonly Field[], name: string): string {
  return fields.find(field => field.name === name)?.value ?? ''
}

/** Whatever is no query gets a status of its own, and no message. RFC 8484 §4.2.1 */
function refuse({ honours }: Site, exchange: Exchange, status: number, fields: readonly Field[] = []): RequestListener {
  const type = honours(rfc8484.errorsHoldNoResponse) ? 'text/plain' : DNS_MESSAGE
  const content = honours(rfc8484.errorsHoldNoResponse) ? Buffer.from(`${status}\n`) : new Uint8Array(12).fill(0x80)
  if (honours(rfc8484.successIsResponse)) {
    exchange.respond(status, [...fields, { name: 'content-type', value: type }], content)
  } else exchange.respond(200, [{ name: 'content-type', value: DNS_MESSAGE }], new Uint8Array(0))
  exchange.stopRequest()
  return {}
}
