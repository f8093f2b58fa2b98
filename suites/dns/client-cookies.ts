import { EVIL, GOOD } from '../../src/dns/client-answers.ts'
import {
  type Answer,
  answering,
  asks,
  broke,
  everyQuery,
  expect,
  kept,
  refuses,
  reply,
  response,
  takes,
} from '../../src/dns/client-steps.ts'
import { optRecord } from '../../src/dns/edns.ts'
import type { Message, ResourceRecord } from '../../src/dns/message.ts'
import { OPTION, RCODE } from '../../src/dns/mnemonics.ts'
import { rfc7873 } from '../../src/dns/rules/client.ts'
import { type ClientCase, cookieOf, cookieQueries, datagrams, finds, secondServer, streams } from './client-features.ts'

/** What a server adds to a client's cookie. */
const SERVER_COOKIE = Uint8Array.from({ length: 16 }, (_, at) => 0xc0 + at)

/** OPT with a cookie, perhaps with the upper bits of a response code. */
function withCookie(data: Uint8Array, extendedRcode = 0): { readonly additional: readonly ResourceRecord[] } {
  return { additional: [optRecord({ extendedRcode, options: [{ code: OPTION.COOKIE, data }] })] }
}

/** The client's cookie of a query. */
function clientCookie(query: Message): Uint8Array {
  return (cookieOf(query) ?? new Uint8Array(8)).subarray(0, 8)
}

/** The client's cookie with one of ours behind it. */
const whole = (query: Message): Uint8Array => Uint8Array.of(...clientCookie(query), ...SERVER_COOKIE)

const goodWithCookie: Answer = answering(GOOD, query => withCookie(whole(query)))

/** BADCOOKIE is 23: 1 in OPT and 7 in the header. RFC 7873 §8 */
const badCookie: Answer = response(query => ({
  rcode: RCODE.BADCOOKIE & 15,
  ...withCookie(whole(query), RCODE.BADCOOKIE >> 4),
}))

/** A response of a forger, who cannot know the cookie, and then ours. */
function forged(
  rule: (typeof rfc7873)['wrongCookieDiscarded'],
  when: string,
  cookie: (query: Message) => Uint8Array,
): ClientCase {
  return {
    rule,
    when,
    needs: [cookieQueries, finds],
    steps: [
      reply(
        'an address with such a cookie',
        answering(EVIL, query => withCookie(cookie(query))),
      ),
      reply('the address asked for, with the right cookie', goodWithCookie),
      refuses(),
    ],
  }
}

const withOurs = asks('the question again with the cookie that it got', ({ message }, before) => {
  return Buffer.compare(cookieOf(message) ?? new Uint8Array(0), whole(before.message)) === 0
})

const badly = reply('BADCOOKIE and a cookie', badCookie)

/** Cookies. */
export const cookies: readonly ClientCase[] = [
  {
    rule: rfc7873.clientCookieLength,
    when: 'it asks a server for the first time',
    needs: [cookieQueries],
    steps: everyQuery('a cookie of eight octets, or of 16 to 40 once the server gave one', ({ message }) => {
      const length = cookieOf(message)?.length ?? 8
      return length === 8 || (length >= 16 && length <= 40) ? undefined : `${length} octets`
    }),
  },
  {
    rule: rfc7873.clientCookiePerServer,
    when: 'it asks two servers',
    needs: [cookieQueries, secondServer],
    steps: [
      reply('SERVFAIL', response({ rcode: RCODE.SERVFAIL })),
      asks('another server to be asked', (next, before) => next.flow.tester.address !== before.flow.tester.address),
      expect('another cookie for another server', ({ asked }) => {
        const [first, second] = asked.map(({ message }) => Buffer.from(clientCookie(message)).toString('hex'))
        return first === second ? broke(`${first} for both`) : kept(`${first} and ${second}`)
      }),
    ],
  },
  forged(rfc7873.wrongCookieDiscarded, 'a response has the cookie of somebody else', query =>
    whole(query).map((octet, at) => (at < 8 ? octet ^ 0xff : octet)),
  ),
  forged(rfc7873.illegalCookieLengthDiscarded, 'the cookie of a response has four octets', query =>
    clientCookie(query).subarray(0, 4),
  ),
  forged(rfc7873.illegalCookieLengthDiscarded, 'the cookie of a response has twelve octets', query =>
    whole(query).subarray(0, 12),
  ),
  forged(rfc7873.illegalCookieLengthDiscarded, 'the cookie of a response has 41 octets', query =>
    Uint8Array.of(...clientCookie(query), ...new Uint8Array(33)),
  ),
  {
    rule: rfc7873.badCookieRetried,
    when: 'a server wants its cookie',
    needs: [cookieQueries, datagrams],
    steps: [badly, withOurs, reply('the address asked for, with the cookie', goodWithCookie), takes()],
  },
  {
    rule: rfc7873.badCookieTwiceOverTcp,
    when: 'a server wants another cookie than it gave',
    needs: [cookieQueries, datagrams, streams],
    steps: [
      badly,
      withOurs,
      badly,
      asks('the question over TCP', ({ flow }) => flow.transport === 'tcp'),
      reply('the address asked for, with the cookie', goodWithCookie),
      takes(),
    ],
  },
]
