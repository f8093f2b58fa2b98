import type { Step } from '../../src/conformance/case.ts'
import { suite } from '../../src/conformance/case.ts'
import { type Ask, ask, put } from '../../src/dns/ask.ts'
import { answers, formatError, noAnswer, noError, noOption, opt, option, proper, rcode } from '../../src/dns/checks.ts'
import { edns, optionOf } from '../../src/dns/edns.ts'
import { type Check, expect, expectRefusal, responseTo } from '../../src/dns/expect.ts'
import { ednsSupport, ourZone } from '../../src/dns/features.ts'
import type { Message } from '../../src/dns/message.ts'
import { OPTION, RCODE, TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc7873 } from '../../src/dns/rules.ts'
import type { DnsTalk } from '../../src/dns/talk.ts'
import { hex } from '../../src/wire/hex.ts'
import { shownBy, tcp, that } from './connections.ts'

const CLIENT = hex('c1c2c3c4c5c6c7c8')
const OTHER = hex('0102030405060708')

const www: Ask = { name: 'www', type: TYPE.A }
const isWww = [proper, noError, answers('www A 192.0.2.1')]
const nothing: Ask = { questions: [] }

function withCookie(one: Ask, ...cookies: readonly Uint8Array[]): Ask {
  return { ...one, edns: { options: cookies.map(data => ({ code: OPTION.COOKIE, data })) } }
}

const join = (...parts: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(parts))
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0
const given = (message: Message) => optionOf(edns(message)?.options ?? [], OPTION.COOKIE) ?? new Uint8Array(0)

/** A cookie of the server's behind the first one of the query. */
const cookie: Check = option(OPTION.COOKIE, "the client's cookie and one of the server's", (data, asked) => {
  if (!same(data.subarray(0, 8), given(asked).subarray(0, 8))) return "not the client's cookie"
  return data.length > 8 ? undefined : "no cookie of the server's"
})

const cookieLength: Check = option(OPTION.COOKIE, 'a cookie option of 16 to 40 octets', data =>
  data.length >= 16 && data.length <= 40 ? undefined : `it has ${data.length} octets`,
)

/** The server did not take the cookie that it was shown for its own. */
const another: Check = option(OPTION.COOKIE, 'another server cookie than that of the query', (data, asked) =>
  same(data, given(asked)) ? 'it is that of the query' : undefined,
)

const processed = rcode(RCODE.NOERROR, RCODE.NXDOMAIN, RCODE.REFUSED, RCODE.BADCOOKIE)

const cookies = shownBy('cookies', 'it gives no cookie', withCookie({}, CLIENT), option(OPTION.COOKIE, 'a cookie'))
const needs = [ourZone, cookies]

/** A client alone may be given no answer, now and then. RFC 7873 §5.2.3 */
const expectCookie = (...more: readonly Check[]) =>
  expectRefusal({ nothing: 'pass', otherError: 'fail' }, proper, processed, cookie, ...more)

/** Asks with a client's cookie, then with the cookie that came of it. */
function withGiven(one: Ask): Step<DnsTalk> {
  return {
    says: "ask with a client's cookie; ask again with the cookie that the server gave",
    async run(talk) {
      put(talk, withCookie({}, CLIENT))
      const came = await responseTo(talk, talk.asked.at(-1) as Message)
      const good = came.kind === 'response' ? given(came.message) : new Uint8Array(0)
      if (good.length < 16) return { outcome: 'fail', expected: 'a cookie', came: `${good.length} octets` }
      put(talk, withCookie(one, good))
      return undefined
    },
  }
}

const bad: readonly (readonly [what: string, octets: Uint8Array])[] = [
  ['8 octets that the server never gave', new Uint8Array(8).fill(0x55)],
  ['16 octets that the server never gave', hex('0100 0000 5cf7 9f11 1f81 30c3 eee2 9480')],
  ['32 octets that the server never gave', new Uint8Array(32).fill(0x55)],
]

/** What legal cookies cannot have as their length. RFC 7873 §5.2.2 */
const ILLEGAL = [0, 1, 7, 9, 15, 41, 64]

export default suite(dns, 'server', 'cookies', [
  {
    rule: rfc7873.serverCookieLength,
    when: "a client's cookie comes alone",
    needs,
    steps: [ask(withCookie(www, CLIENT)), expectCookie(cookieLength)],
  },
  {
    rule: rfc7873.serverCookieLength,
    when: 'a cookie comes that the server gave',
    needs,
    steps: [withGiven(www), expect(...isWww, cookieLength)],
  },
  {
    rule: rfc7873.clientCookieCopied,
    when: "a client's cookie comes alone",
    needs,
    steps: [ask(withCookie(www, CLIENT)), expectCookie()],
  },
  {
    rule: rfc7873.clientCookieCopied,
    when: "a client's cookie is all zeros",
    needs,
    steps: [ask(withCookie(www, new Uint8Array(8))), expectCookie()],
  },
  {
    rule: rfc7873.serverCookieDiffers,
    when: 'a client changes its cookie',
    needs,
    steps: [
      that('another server cookie for another client cookie', async talk => {
        const both: Uint8Array[] = []
        for (const client of [CLIENT, OTHER]) {
          put(talk, withCookie(www, client))
          const came = await responseTo(talk, talk.asked.at(-1) as Message)
          if (came.kind !== 'response') return came.kind
          both.push(given(came.message).subarray(8))
        }
        const [first, second] = both
        return first && second && !same(first, second) ? undefined : 'the same server cookie'
      }),
    ],
  },
  {
    rule: rfc7873.firstCookieOnly,
    when: 'a second cookie is of another client',
    needs,
    steps: [ask(withCookie(www, CLIENT, OTHER)), expectCookie()],
  },
  {
    rule: rfc7873.firstCookieOnly,
    when: 'a second cookie is of a length that no cookies have',
    needs,
    steps: [ask(withCookie(www, CLIENT, OTHER.subarray(0, 3))), expectCookie()],
  },
  {
    rule: rfc7873.noCookieUnasked,
    when: 'a query has OPT and no cookie',
    needs,
    steps: [ask({ ...www, edns: {} }), expect(...isWww, opt, noOption(OPTION.COOKIE))],
  },
  {
    rule: rfc7873.noCookieUnasked,
    when: 'a query before it had a cookie',
    needs,
    steps: [ask(withCookie(www, CLIENT)), expectCookie(), ask({ ...www, edns: {} }), expect(noOption(OPTION.COOKIE))],
  },
  ...ILLEGAL.map(length => ({
    rule: rfc7873.cookieMalformedRefused,
    when: `a cookie option has ${length} octets`,
    needs,
    steps: [
      ask(withCookie(www, new Uint8Array(length).fill(0x55))),
      expectRefusal({ nothing: 'fail' }, proper, formatError),
    ],
  })),
  ...(
    [
      ['exists', 'www'],
      ['does not exist', 'nothing-here'],
      ['is of another zone', 'example.net.'],
    ] as const
  ).map(([what, name]) => ({
    rule: rfc7873.cookieAnswered,
    when: `a name that ${what} is asked for`,
    needs,
    steps: [ask(withCookie({ name, type: TYPE.A }, CLIENT)), expectCookie()],
  })),
  {
    rule: rfc7873.cookieOverTcpServed,
    when: "a client's cookie comes alone over TCP",
    opening: tcp,
    needs,
    steps: [ask(withCookie(www, CLIENT)), expect(...isWww, cookie)],
  },
  ...bad.map(([what, octets]) => ({
    rule: rfc7873.badCookieAsNone,
    when: `the server's cookie is ${what}`,
    needs,
    steps: [ask(withCookie(www, join(CLIENT, octets))), expectCookie(another)],
  })),
  {
    rule: rfc7873.badCookieAsNone,
    when: "the server's cookie was given for another client cookie",
    needs,
    steps: [
      {
        says: "ask with a client's cookie; ask again with another and the server's that came",
        async run(talk) {
          put(talk, withCookie({}, OTHER))
          const came = await responseTo(talk, talk.asked.at(-1) as Message)
          if (came.kind !== 'response') return { outcome: 'fail', expected: 'a cookie', came: came.kind }
          put(talk, withCookie(www, join(CLIENT, given(came.message).subarray(8))))
          return undefined
        },
      },
      expectCookie(another),
    ],
  },
  {
    rule: rfc7873.goodCookieServed,
    when: 'a name that exists is asked for',
    needs,
    steps: [withGiven(www), expect(...isWww, cookie)],
  },
  {
    rule: rfc7873.goodCookieServed,
    when: 'the same cookie comes twice',
    needs,
    steps: [withGiven(www), expect(...isWww, cookie), withGiven({ ...www, type: TYPE.AAAA }), expect(noError, cookie)],
  },
  {
    rule: rfc7873.goodCookieServed,
    when: 'a name of another zone is asked for',
    needs,
    steps: [
      withGiven({ name: 'example.net.', type: TYPE.A }),
      expect(proper, rcode(RCODE.REFUSED, RCODE.NOTAUTH, RCODE.SERVFAIL, RCODE.NOERROR, RCODE.NXDOMAIN), cookie),
    ],
  },
  {
    rule: rfc7873.cookieWithoutQuestion,
    when: "a client's cookie comes without a question",
    needs: [...needs, ednsSupport],
    steps: [ask(withCookie(nothing, CLIENT)), expect(noError, noAnswer, cookie)],
  },
  {
    rule: rfc7873.badCookieWithoutQuestion,
    when: 'a cookie that the server never gave comes without a question',
    needs,
    steps: [
      ask(withCookie(nothing, join(CLIENT, hex('0100 0000 5cf7 9f11 1f81 30c3 eee2 9480')))),
      expect(rcode(RCODE.BADCOOKIE), noAnswer, cookie, another),
    ],
  },
  {
    rule: rfc7873.goodCookieWithoutQuestion,
    when: 'a cookie that the server gave comes without a question',
    needs,
    steps: [withGiven(nothing), expect(noError, noAnswer, cookie)],
  },
])
