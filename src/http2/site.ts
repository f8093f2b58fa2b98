import type { Honours } from '../conformance/rule.ts'
import { honoursAll } from '../conformance/rule.ts'
import type { Field } from '../hpack/field.ts'
import { INTERNAL_ERROR } from './error-codes.ts'
import type { Exchange } from './exchange.ts'
import { rfc9110 } from './rules.ts'
import type { Handler, RequestListener } from './service.ts'

/** What `/` says. */
export const GREETING = 'hello from wiregrade\n'

/** The most octets that `/bytes/<n>` gives, and the longest that `/slow/<ms>` waits. */
export const MOST_BYTES = 2 ** 30
export const MOST_SLOW = 60_000

/** A page: who may ask for it how, and what makes the response. */
interface Page {
  readonly methods: readonly string[]
  /** Called when the request has begun; what it returns hears the rest. */
  readonly serve: (exchange: Exchange, argument: string) => RequestListener | undefined
}

/**
 * The built-in site: `/`, `/bytes/<n>`, `/echo`, `/slow/<ms>`, `/push`, `/pushed`, `/trailers`, `/early-hints`,
 * `/early`, which answers before the request has ended, `/no-content`, `/status/204`, and by extended CONNECT the protocol
 * `echo`. Where a plain CONNECT wants to go does not matter: each tunnel leads back, and echoes. Anything else is 404, a
 * method that a page does not know 405.
 */
export function site(honours: Honours = honoursAll): Handler {
  return exchange => {
    const { method, path = '/', protocol } = exchange.request
    if (method === 'CONNECT') return connect(exchange, protocol, honours)
    const [, name = '', argument = ''] = /^\/([^/?]*)(?:\/([^?]*))?(?:\?.*)?$/.exec(path) ?? []
    const page = path === '*' ? ASTERISK : Object.hasOwn(PAGES, name) ? PAGES[name] : undefined
    if (page === undefined) return refuse(exchange, 404, [])
    if (method === 'OPTIONS') return options(exchange, page)
    if (!page.methods.includes(method) || !honours(rfc9110.getAndHeadSupported)) {
      const allow = [{ name: 'allow', value: page.methods.join(', ') }]
      return refuse(exchange, 405, honours(rfc9110.methodNotAllowedNamesAllowed) ? allow : [])
    }
    expectation(exchange, honours)
    return page.serve(exchange, argument)
  }
}

/** Lets a client that waits for leave send its content. RFC 9110 §10.1.1 */
function expectation(exchange: Exchange, honours: Honours): void {
  const { fields } = exchange.request
  const waits = fields.some(({ name, value }) => name === 'expect' && value.toLowerCase() === '100-continue')
  if (!waits || exchange.complete || !honours(rfc9110.expectContinueAnswered)) return
  exchange.informational(100)
  // A deviant that has said 100 says no more.
  if (!honours(rfc9110.expectContinueFinal)) exchange.respond = () => {}
}

/** Answers once the request has come whole, whatever its content, so that what is wrong with the request is seen first. */
function whenComplete(answer: () => void): RequestListener {
  return { end: answer }
}

function text(octets: Uint8Array, more: readonly Field[] = []): Field[] {
  return [
    { name: 'content-type', value: 'text/plain' },
    { name: 'content-length', value: String(octets.length) },
    ...more,
  ]
}

/** 404 and 405: whatever else the request holds, this is the answer, so it is given at once. RFC 9113 §8.1 */
function refuse(exchange: Exchange, status: number, more: readonly Field[]): RequestListener {
  const body = octetsOf(`${status}\n`)
  exchange.respond(status, text(body, more), body)
  exchange.stopRequest()
  return {}
}

/** RFC 9110 §9.3.7 */
function options(exchange: Exchange, { methods }: Page): RequestListener {
  return whenComplete(() => exchange.headers(204, [{ name: 'allow', value: methods.join(', ') }], true))
}

function octetsOf(words: string): Uint8Array {
  return new TextEncoder().encode(words)
}

/** RFC 9113 §8.5, RFC 8441 §4 */
function connect(exchange: Exchange, protocol: string | undefined, honours: Honours): RequestListener {
  // RFC 9110 §15.6.2
  if (protocol !== undefined && protocol !== 'echo') return refuse(exchange, 501, [])
  exchange.headers(200, honours(rfc9110.connectContentLength) ? [] : [{ name: 'content-length', value: '0' }])
  return echoing(exchange)
}

function echoing(exchange: Exchange): RequestListener {
  return {
    // The machine keeps what it is given until it can go out, and the view holds for this call only.
    data: octets => exchange.data(octets.slice()),
    end: () => exchange.end(),
  }
}

const greeting = octetsOf(GREETING)
const READ = ['GET', 'HEAD', 'POST', 'PUT']
const CHUNK = new Uint8Array(16384).map((_, i) => 0x61 + (i % 26))

/** So many octets, the alphabet over and over, made as the client takes them. */
function bytes(exchange: Exchange, count: number): void {
  exchange.headers(200, [
    { name: 'content-type', value: 'application/octet-stream' },
    { name: 'content-length', value: String(count) },
  ])
  let sent = 0
  exchange.content(most => {
    if (sent === count) return undefined
    const from = sent % 26
    const octets = CHUNK.subarray(from, from + Math.min(most, count - sent, CHUNK.length - from))
    sent += octets.length
    return octets
  })
}

/** A whole number no larger than this, or nothing. */
function numberOf(argument: string, most: number): number | undefined {
  const value = /^[0-9]{1,10}$/.test(argument) ? Number(argument) : Number.NaN
  return value <= most ? value : undefined
}

function hello(exchange: Exchange, more: readonly Field[] = []): void {
  exchange.respond(200, text(greeting, more), greeting)
}

const ASTERISK: Page = { methods: ['OPTIONS'], serve: () => undefined }

/** RFC 9110 §8.8.3, §13.1.2 */
const ETAG: Field = { name: 'etag', value: '"hello"' }

function unchanged({ request: { method, fields } }: Exchange): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  const condition = fields.find(({ name }) => name === 'if-none-match')?.value
  return condition !== undefined && (condition === '*' || condition.split(/ *, */).includes(ETAG.value))
}

const noContent: Page = {
  methods: READ,
  serve: exchange => whenComplete(() => exchange.headers(204, [], true)),
}

const PAGES: Readonly<Record<string, Page>> = {
  '': {
    methods: READ,
    serve: exchange =>
      whenComplete(() => {
        if (unchanged(exchange)) exchange.respond(304, [ETAG], greeting)
        else hello(exchange, [ETAG])
      }),
  },

  bytes: {
    methods: READ,
    serve(exchange, argument) {
      const count = numberOf(argument, MOST_BYTES)
      if (count === undefined) return refuse(exchange, 404, [])
      return whenComplete(() => bytes(exchange, count))
    },
  },

  echo: {
    methods: READ,
    serve(exchange) {
      const type = exchange.request.fields.find(({ name }) => name === 'content-type')?.value
      exchange.headers(200, [{ name: 'content-type', value: type ?? 'application/octet-stream' }])
      return echoing(exchange)
    },
  },

  slow: {
    methods: READ,
    serve(exchange, argument) {
      const ms = numberOf(argument, MOST_SLOW)
      if (ms === undefined) return refuse(exchange, 404, [])
      return whenComplete(() => exchange.after(ms, () => hello(exchange)))
    },
  },

  push: {
    methods: ['GET'],
    serve: exchange =>
      whenComplete(() => {
        const { scheme, authority } = exchange.request
        const promised = { method: 'GET', path: '/pushed', fields: [] }
        exchange.push({
          ...promised,
          ...(scheme === undefined ? {} : { scheme }),
          ...(authority === undefined ? {} : { authority }),
        })
        hello(exchange, [{ name: 'link', value: '</pushed>; rel=preload' }])
      }),
  },

  pushed: { methods: READ, serve: exchange => whenComplete(() => hello(exchange)) },

  trailers: {
    methods: READ,
    serve(exchange) {
      let heard = 0
      return {
        trailers(fields) {
          heard = fields.length
        },
        end() {
          exchange.headers(200, [
            { name: 'content-type', value: 'text/plain' },
            { name: 'trailer', value: 'request-trailers' },
          ])
          exchange.data(greeting)
          exchange.trailers([{ name: 'request-trailers', value: String(heard) }])
        },
      }
    },
  },

  'early-hints': {
    methods: READ,
    serve: exchange =>
      whenComplete(() => {
        exchange.informational(103, [{ name: 'link', value: '</pushed>; rel=preload' }])
        hello(exchange)
      }),
  },

  early: {
    methods: READ,
    serve(exchange) {
      hello(exchange)
      return {}
    },
  },

  'no-content': noContent,

  status: {
    methods: READ,
    serve: (exchange, argument) => (argument === '204' ? noContent.serve(exchange, '') : refuse(exchange, 404, [])),
  },

  broken: {
    methods: READ,
    serve: exchange => whenComplete(() => exchange.reset(INTERNAL_ERROR)),
  },
}
