import type { Opening } from '../../src/conformance/channel.ts'
import type { Finding } from '../../src/conformance/verdict.ts'
import { settings } from '../../src/http2/build.ts'
import { line } from '../../src/http2/describe.ts'
import { INADEQUATE_SECURITY } from '../../src/http2/error-codes.ts'
import { broke, type Expectation, expect, type Judgement, kept, that } from '../../src/http2/expect.ts'
import { overTls } from '../../src/http2/features.ts'
import { PREFACE } from '../../src/http2/interpreter.ts'
import { request } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { greetClient, greetServer, until } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { isProhibited, MANDATORY_SUITE } from '../../src/http2/tls.ts'
import { type Http2Case, topic } from './roles.ts'

/** A case over TLS, opened in some way; what begins is part of it. */
function opened(
  rule: Http2Case['rule'],
  when: string,
  tls: NonNullable<Opening['tls']>,
  expectation: Expectation,
): Http2Case {
  return { rule, when, needs: [overTls], opening: { tls }, begin: [], steps: [expect(expectation)] }
}

/** What TLS came to, in words. */
function agreed({ channel: { security, refused } }: Http2Talk): string {
  if (refused !== undefined) return `the handshake was refused: ${refused}`
  const { version = '', cipher = '', alpn } = security ?? {}
  return `${version}, ${cipher}, ALPN ${alpn ?? 'nothing'}`
}

/** The usual beginning on this connection, as a judgement. */
async function served(talk: Http2Talk): Promise<Judgement> {
  const finding: Finding | undefined = await (talk.role === 'client' ? greetClient() : greetServer()).run(talk)
  const came = `${agreed(talk)}; ${finding?.came ?? 'nothing'}`
  return finding?.outcome === 'pass' ? kept(came) : broke(came)
}

/** HTTP/2 is spoken on this connection as on any. */
const speaks = (wants: string, also?: (talk: Http2Talk) => Judgement | undefined): Expectation =>
  that(wants, talk => {
    if (talk.channel.refused !== undefined) return broke(agreed(talk))
    return also?.(talk) ?? served(talk)
  })

/** HTTP/2 is not spoken: the handshake fails, another protocol is chosen, or the connection ends. */
function speaksNot(wants: string): Expectation {
  return that(wants, async talk => {
    if (talk.channel.refused !== undefined) return kept(agreed(talk))
    if (talk.role === 'server') talk.add(PREFACE, settings(), ...request(1)(talk))
    else talk.add(settings())
    for (;;) {
      const seen = await talk.next()
      if (seen.kind === 'goaway' && seen.code === INADEQUATE_SECURITY) return kept(`${agreed(talk)}; ${line(seen)}`)
      // What does not look like HTTP/2 at all is another protocol.
      if (seen.kind === 'end' || seen.kind === 'broken' || seen.kind === 'silence') {
        const spoken = talk.seen.find(each => each.kind === 'headers')
        return spoken ? broke(`${agreed(talk)}; ${line(spoken)}`) : kept(`${agreed(talk)}; ${line(seen)}`)
      }
      if (seen.kind === 'headers') return broke(`${agreed(talk)}; ${line(seen)}`)
    }
  })
}

/** A suite that many do without for want of the right key: then there is nothing to be seen. */
const unlessUnshared = (expectation: Expectation): Expectation => ({
  ...expectation,
  async judge(talk) {
    const finding = await expectation.judge(talk)
    const { refused = '' } = talk.channel
    const unshared = /handshake.failure|no.shared.cipher|insufficient.security/i.test(refused)
    return finding.outcome === 'fail' && unshared ? { ...finding, outcome: 'unsupported' } : finding
  },
})

const TLS12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const
const RSA = { ...TLS12, certificate: 'rsa' } as const

const allowed = opened(
  rfc9113.allowedSuiteAccepted,
  'TLS 1.2 is to use a suite with ChaCha20, which is not prohibited',
  { ...RSA, ciphers: 'ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-CHACHA20-POLY1305' },
  unlessUnshared(speaks('HTTP/2, and no INADEQUATE_SECURITY')),
)

const prohibited = opened(
  rfc9113.prohibitedSuiteNotUsed,
  'TLS 1.2 is to use a suite that is prohibited',
  { ...RSA, ciphers: 'AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA' },
  that('no HTTP/2 over such a suite', talk => {
    const { security } = talk.channel
    if (security && !isProhibited(security)) return { outcome: 'unsupported', came: agreed(talk) }
    const { judge } = speaksNot('')
    return Promise.resolve(judge(talk)).then(({ outcome, came }) => ({ outcome, came }))
  }),
)

/** By the name, not by a certificate of ECDSA. RFC 9113 §9.2.2 */
const mandatory = opened(
  rfc9113.mandatorySuite,
  `TLS 1.2 is to use ${MANDATORY_SUITE}`,
  { ...RSA, ciphers: 'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256' },
  speaks(`HTTP/2 over ${MANDATORY_SUITE}`, talk => {
    const { cipher = '' } = talk.channel.security ?? {}
    if (cipher === MANDATORY_SUITE) return undefined
    return { outcome: 'unsupported', came: `${agreed(talk)}: its certificate is not of RSA` }
  }),
)

const old = opened(
  rfc9113.tlsVersion,
  'nothing newer than TLS 1.1 is offered',
  { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' },
  speaksNot('no HTTP/2 over TLS 1.1'),
)

const withoutAlpn = opened(rfc9113.tlsNeedsAlpn, 'ALPN is not used', { alpn: [] }, speaksNot('no HTTP/2 without ALPN'))

export default topic('TLS', {
  server: [
    opened(
      rfc9113.alpnNeverH2c,
      'ALPN offers h2c alone',
      { alpn: ['h2c'] },
      that('h2c not to be chosen', talk =>
        talk.channel.security?.alpn === 'h2c' ? broke(agreed(talk)) : kept(agreed(talk)),
      ),
    ),
    opened(
      rfc9113.alpnNeverH2c,
      'ALPN offers h2c before h2',
      { alpn: ['h2c', 'h2'] },
      speaks('h2 to be chosen', talk => (talk.channel.security?.alpn === 'h2' ? undefined : broke(agreed(talk)))),
    ),
    {
      ...opened(
        rfc9113.prefaceAfterTls,
        'ALPN has chosen h2',
        { alpn: ['h2'] },
        speaks('the server preface and a response'),
      ),
    },
    withoutAlpn,
    old,
    opened(rfc9113.sniSupported, 'the name localhost is asked for', { serverName: 'localhost' }, speaks('HTTP/2')),
    mandatory,
    allowed,
    prohibited,
    opened(
      rfc9113.renegotiationOff,
      'a client asks for a renegotiation under TLS 1.2',
      TLS12,
      that('no renegotiation', async talk => {
        const { renegotiate } = talk.channel
        if (talk.channel.refused !== undefined || !renegotiate) return { outcome: 'unsupported', came: agreed(talk) }
        const begun = await served(talk)
        if (begun.outcome !== 'pass') return begun
        const came = await renegotiate()
        return came === 'refused' ? kept('it was refused') : broke('TLS was renegotiated')
      }),
    ),
  ],
  client: [
    {
      rule: rfc9113.alpnNeverH2c,
      when: 'it offers protocols by ALPN',
      needs: [overTls],
      steps: [
        expect(
          that('no h2c among them', ({ channel: { security } }) => {
            const offered = security?.offered ?? []
            return offered.includes('h2c') ? broke(offered.join(', ')) : kept(offered.join(', '))
          }),
        ),
      ],
    },
    {
      rule: rfc9113.prefaceAfterTls,
      when: 'ALPN has chosen h2',
      needs: [overTls],
      steps: [
        expect(
          that('the client preface first of all', async talk => {
            await until(talk, () => talk.seen.length > 1)
            const [first, second] = talk.seen
            const good = first?.kind === 'preface' && second?.kind === 'settings'
            return good ? kept(`${line(first)}, then SETTINGS`) : broke(first ? line(first) : 'nothing')
          }),
        ),
      ],
    },
    withoutAlpn,
    old,
    {
      rule: rfc9113.sniSupported,
      when: 'it is given a URL with a domain name',
      needs: [overTls],
      steps: [expect(namesServer())],
    },
    {
      rule: rfc9113.sniSent,
      when: 'it is given a URL with a domain name',
      needs: [overTls],
      steps: [expect(namesServer())],
    },
    mandatory,
    allowed,
    prohibited,
    opened(
      rfc9113.largeDheAccepted,
      'TLS 1.2 is to use ephemeral Diffie-Hellman of 4096 bits',
      { ...RSA, ciphers: 'DHE-RSA-AES128-GCM-SHA256', dhGroup: 'modp16' },
      that('HTTP/2', async talk => {
        const { refused } = talk.channel
        // A client without such suites has nothing to accept.
        if (refused !== undefined && /no.shared.cipher|handshake.failure/i.test(refused)) {
          return { outcome: 'unsupported', came: agreed(talk) }
        }
        return refused === undefined ? served(talk) : broke(agreed(talk))
      }),
    ),
  ],
})

/** RFC 6066 §3 */
function namesServer(): Expectation {
  return that('the name localhost to be asked for', ({ channel: { security } }) =>
    security?.serverName === 'localhost' ? kept('localhost') : broke(security?.serverName ?? 'no name'),
  )
}
