import type { Opening, Security } from '../conformance/channel.ts'
import { Refused } from '../conformance/peer.ts'
import type { Honours, Role } from '../conformance/rule.ts'
import type { Endpoint } from '../machine.ts'
import { goaway, octetsOf, settings } from './build.ts'
import { INADEQUATE_SECURITY } from './error-codes.ts'
import { PREFACE } from './interpreter.ts'
import { rfc9113 } from './rules.ts'

/*
 * What HTTP/2 asks of TLS, without TLS: which openings an endpoint agrees to, and what it makes of what was agreed on.
 * RFC 9113 §3.2, §3.3, §9.2
 */

/** The suites of TLS 1.2 that our own server offers, as OpenSSL names them: none that is prohibited. RFC 9113 §9.2.2 */
export const TLS12_CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'DHE-RSA-AES128-GCM-SHA256',
].join(':')

/** The suite that everyone has to support. RFC 9113 §9.2.2 */
export const MANDATORY_SUITE = 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'

/** Suites of TLS 1.2 by OpenSSL's names, as IANA calls them. */
const IANA_NAMES: Readonly<Record<string, string>> = {
  'ECDHE-RSA-AES128-GCM-SHA256': MANDATORY_SUITE,
  'ECDHE-RSA-CHACHA20-POLY1305': 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  'DHE-RSA-AES128-GCM-SHA256': 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256',
  'AES128-GCM-SHA256': 'TLS_RSA_WITH_AES_128_GCM_SHA256',
  'ECDHE-RSA-AES128-SHA': 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA',
}

/** Whether a suite of TLS 1.2 is prohibited: all are that lack an ephemeral key exchange or an AEAD cipher. RFC 9113 Appendix A */
export function isProhibited({ version, cipher }: Pick<Security, 'version' | 'cipher'>): boolean {
  if (version === 'TLSv1.3') return false
  return !/^TLS_(EC)?DHE_\w+_(GCM_SHA\d+|CHACHA20_POLY1305_SHA256|CCM(_8)?(_SHA256)?)$/.test(cipher)
}

const VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const

/** What our machine in a role agrees on with a peer that opens so. Throws `Refused` where there is nothing in common. */
export function agree(role: Role, honours: Honours, { tls = {} }: Opening): Security {
  const { alpn = ['h2'], minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3', ciphers, serverName } = tls
  const least = honours(rfc9113.tlsVersion) ? 'TLSv1.2' : 'TLSv1'
  const common = VERSIONS.slice(
    Math.max(VERSIONS.indexOf(minVersion), VERSIONS.indexOf(least)),
    VERSIONS.indexOf(maxVersion) + 1,
  )
  const version = common.at(-1)
  if (version === undefined) throw new Refused('alert: protocol version')
  const offered = role === 'client' ? (honours(rfc9113.alpnNeverH2c) ? ['h2'] : ['h2', 'h2c']) : alpn
  const taken = role === 'client' ? alpn : honours(rfc9113.alpnNeverH2c) ? ['h2'] : ['h2c', 'h2']
  const chosen = taken.find(name => offered.includes(name))
  if (chosen === undefined && alpn.length > 0) throw new Refused('alert: no application protocol')
  if (serverName !== undefined && !honours(rfc9113.sniSupported)) throw new Refused('alert: unrecognized name')
  const cipher = suiteFor(version, ciphers, honours)
  if (tls.dhGroup !== undefined && !honours(rfc9113.largeDheAccepted)) throw new Refused('alert: insufficient security')
  const name = role === 'client' && honours(rfc9113.sniSent) && honours(rfc9113.sniSupported) ? 'localhost' : undefined
  return { version, cipher, alpn: chosen, serverName: name, ...(role === 'client' ? { offered } : {}) }
}

function suiteFor(version: string, ciphers: string | undefined, honours: Honours): string {
  if (version === 'TLSv1.3') return 'TLS_AES_128_GCM_SHA256'
  const names = (ciphers ?? TLS12_CIPHERS).split(':').map(name => IANA_NAMES[name] ?? name)
  const suite = names.find(name => {
    if (isProhibited({ version, cipher: name })) return !honours(rfc9113.prohibitedSuiteNotUsed)
    return name !== MANDATORY_SUITE || honours(rfc9113.mandatorySuite)
  })
  if (suite === undefined) throw new Refused('alert: handshake failure')
  return suite
}

/** Whether our machine would renegotiate. RFC 9113 §9.2.1 */
export function renegotiates(honours: Honours): boolean {
  return !honours(rfc9113.renegotiationOff)
}

/** Who takes over, where what TLS agreed on leaves no place for the machine. */
export function insteadOf(role: Role, honours: Honours, security: Security): Endpoint | undefined {
  if (security.alpn !== 'h2' && honours(rfc9113.tlsNeedsAlpn)) return saying()
  if (honours(rfc9113.allowedSuiteAccepted) || isProhibited(security) || security.version !== 'TLSv1.2')
    return undefined
  const first = role === 'client' ? [PREFACE] : []
  return saying(octetsOf(...first, settings(), goaway(0, INADEQUATE_SECURITY)))
}

/** Says this, and closes. */
function saying(...octets: readonly Uint8Array[]): Endpoint {
  let out: (Uint8Array | 'close')[] = [...octets, 'close']
  return {
    receive() {},
    tick() {},
    transmit() {
      const all = out
      out = []
      return all
    },
  }
}
