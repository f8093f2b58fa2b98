import { describe, expect, test } from 'vitest'
import { decode } from '../wire/whole.ts'
import { type DnsRequest, type DnsResponse, fetched, HttpsCarrier, posted } from './https-carrier.ts'
import { encodeMessage, message } from './message.ts'
import { RCODE, TYPE } from './mnemonics.ts'
import { queryFor } from './query.ts'
import { smallServer } from './stream.fixture.ts'

const PATH = '/dns-query'
const www = encodeMessage(queryFor({ name: 'www.zone.test.', type: TYPE.A }))

function answerTo(request: DnsRequest): DnsResponse | undefined {
  const endpoint = smallServer().connect({ transport: 'https' })
  const carrier = new HttpsCarrier('localhost')
  carrier.ask(request, 0)
  let response: DnsResponse | undefined
  // To and fro until the windows have let everything through.
  for (let i = 0; i < 10 && response === undefined; i++) {
    const octets = carrier.transmit()
    if (octets) endpoint.receive(octets, 0)
    for (const output of endpoint.transmit()) {
      for (const one of carrier.receive(output === 'close' ? 'eof' : output, 0)) response ??= one
    }
  }
  return response
}

const fieldsOf = (response: DnsResponse | undefined) =>
  Object.fromEntries((response?.fields ?? []).map(({ name, value }) => [name, value]))

// RFC 8484 §4.1
describe('a query', () => {
  test.each([
    ['posted', posted(www, PATH)],
    ['fetched', fetched(www, PATH)],
  ])('that is %s is answered, fresh for its TTL', (_, request) => {
    const response = answerTo(request)
    expect(response?.status).toBe(200)
    expect(fieldsOf(response)).toMatchObject({
      'content-type': 'application/dns-message',
      'content-length': String(response?.content.length),
      'cache-control': 'max-age=300',
    })
    expect(decode(message, response?.content ?? new Uint8Array(0)).answers).toHaveLength(1)
  })

  test('by HEAD gets the fields of GET and no content', () => {
    const response = answerTo({ ...fetched(www, PATH), method: 'HEAD' })
    expect(response?.status).toBe(200)
    expect(response?.content).toHaveLength(0)
    expect(fieldsOf(response)).toEqual(fieldsOf(answerTo(fetched(www, PATH))))
  })

  test('for a name that is not there is a success of HTTP, fresh for MINIMUM', () => {
    const response = answerTo(fetched(encodeMessage(queryFor({ name: 'no.zone.test.', type: TYPE.A })), PATH))
    expect(response?.status).toBe(200)
    expect(fieldsOf(response)['cache-control']).toBe('max-age=60')
  })

  // RFC 8484 §5.4: what takes several responses has no place here.
  test('for a transfer is not served', () => {
    const response = answerTo(posted(encodeMessage(queryFor({ name: 'zone.test.', type: TYPE.AXFR })), PATH))
    expect(decode(message, response?.content ?? new Uint8Array(0)).rcode).toBe(RCODE.NOTIMP)
  })
})

describe('what is no query', () => {
  const post = posted(www, PATH)
  test.each<[string, number, DnsRequest]>([
    ['at another path', 404, posted(www, '/')],
    ['without the parameter', 400, { method: 'GET', path: PATH }],
    ['with padding', 400, { method: 'GET', path: `${PATH}?dns=AAAA==` }],
    ['of another media type', 415, { ...post, fields: [{ name: 'content-type', value: 'text/plain' }] }],
    ['of no media type', 415, { ...post, fields: [] }],
    ['of no octets', 400, posted(new Uint8Array(0), PATH)],
    [
      'of a response',
      400,
      posted(
        Uint8Array.from(www, (octet, i) => (i === 2 ? octet | 0x80 : octet)),
        PATH,
      ),
    ],
    ['too long, as it says', 413, posted(new Uint8Array(70_000), PATH)],
    [
      'too long, as it turns out',
      413,
      { ...posted(new Uint8Array(70_000), PATH), fields: (post.fields ?? []).slice(0, 1) },
    ],
    ['by another method', 405, { ...post, method: 'PUT' }],
  ])('%s gets %i', (_, status, request) => {
    const response = answerTo(request)
    expect(response?.status).toBe(status)
    expect(fieldsOf(response)['content-type']).toBe('text/plain')
    if (status === 405) expect(fieldsOf(response)['allow']).toBe('GET, HEAD, POST')
  })
})
