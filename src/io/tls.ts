import { getDiffieHellman } from 'node:crypto'
import type { Socket } from 'node:net'
import { isIP } from 'node:net'
import type { ConnectionOptions, SecureVersion, TLSSocket } from 'node:tls'
import { connect, createServer, DEFAULT_CIPHERS } from 'node:tls'
import type { Channel, Opening, Security } from '../conformance/channel.ts'
import { Refused, Unreachable } from '../conformance/peer.ts'
import * as der from './der.ts'
import { alertOf, failure } from './failure.ts'
import { socketChannel } from './socket-channel.ts'
import { emptyCapture, Tap } from './tap.ts'

/** TLS where we are the client. */
export interface ClientTls {
  /** The name asked for and checked; absent: the host, unless that is an address. */
  readonly serverName?: string | undefined
  /** ALPN protocol names to offer where the case does not say; `['h2']` when absent. */
  readonly alpn?: readonly string[] | undefined
  /** Takes any certificate. */
  readonly insecure?: boolean | undefined
  /** Trusted besides nothing else: PEM. */
  readonly ca?: string | undefined
}

/** TLS where we are the server. */
export interface ServerTls {
  readonly cert: string
  readonly key: string
  /** ALPN protocol names to choose from, the best first, where the case does not say; `['h2']` when absent. */
  readonly alpn?: readonly string[] | undefined
  /** OpenSSL cipher list; Node's own when absent. */
  readonly ciphers?: string | undefined
}

interface HandshakeOptions {
  readonly opening?: Opening | undefined
  readonly capture?: boolean | undefined
  readonly timeout: number
}

const HTTP2 = ['h2']

/** Does the handshake as a client. Throws `Refused` when the server ended it, `Unreachable` when it cannot be done. */
export function connectTls(
  socket: Socket,
  tls: ClientTls,
  options: HandshakeOptions & { readonly host: string; readonly where: string },
): Promise<Channel> {
  const { where } = options
  const alpn = options.opening?.tls?.alpn ?? tls.alpn ?? HTTP2
  const serverName =
    options.opening?.tls?.serverName ??
    tls.serverName ??
    (isIP(options.host.replace(/^\[|\]$/g, '')) ? '' : options.host)
  const settings: ConnectionOptions = {
    ...versionsAndCiphers(options.opening),
    // An empty server name sends none; the name to check against is then the host.
    servername: serverName,
    host: options.host,
    rejectUnauthorized: !tls.insecure,
    ...(alpn.length > 0 ? { ALPNProtocols: [...alpn] } : {}),
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
  }
  return new Promise((resolve, reject) => {
    const capture = options.capture ? emptyCapture() : undefined
    const secure = connect({ ...settings, socket: capture ? (new Tap(socket, capture) as unknown as Socket) : socket })
    if (capture) secure.on('keylog', (line: Buffer) => capture.secrets.push(line.toString('latin1').trimEnd()))
    function give(outcome: () => void): void {
      clearTimeout(timer)
      for (const event of ['secureConnect', 'error', 'close']) secure.removeAllListeners(event)
      outcome()
    }
    function fail(error: Error): void {
      give(() => {
        secure.on('error', () => {})
        secure.destroy()
        socket.destroy()
        reject(error)
      })
    }
    const late = new Unreachable(`${where}: no TLS handshake within ${Math.round(options.timeout)} ms`)
    const timer = setTimeout(() => fail(late), options.timeout)
    secure.once('secureConnect', () =>
      give(() => resolve({ ...secureChannel(secure, socket, { capture }), renegotiate: () => renegotiation(secure) })),
    )
    secure.once('error', (error: NodeJS.ErrnoException) => fail(refusal(error, where)))
    secure.once('close', () => fail(new Refused('the server ended the connection in the TLS handshake')))
  })
}

/** RFC 5246 §7.4.1.1: a server that does not renegotiate says so by an alert, by ending the connection, or not at all. */
function renegotiation(secure: TLSSocket): Promise<'agreed' | 'refused'> {
  return new Promise(resolve => {
    const refused = (): void => resolve('refused')
    setTimeout(refused, RENEGOTIATION_TIMEOUT).unref()
    secure.once('close', refused)
    const begun = secure.renegotiate({ rejectUnauthorized: false }, error => resolve(error ? 'refused' : 'agreed'))
    if (!begun) refused()
  })
}

/** Milliseconds: silence is a refusal too. */
const RENEGOTIATION_TIMEOUT = 1000

/** Does the handshake as a server. Throws `Refused` when the client ended it or has nothing in common with us. */
export function acceptTls(socket: Socket, tls: ServerTls, options: HandshakeOptions): Promise<Channel> {
  const alpn = options.opening?.tls?.alpn ?? tls.alpn ?? HTTP2
  let offered: readonly string[] = []
  return new Promise((resolve, reject) => {
    const capture = options.capture ? emptyCapture() : undefined
    // A server of its own for each connection: that is how the choice of ALPN is told whom it is for.
    const server = createServer({
      cert: tls.cert,
      key: tls.key,
      ...versionsAndCiphers(options.opening),
      ...(options.opening?.tls?.dhGroup ? { dhparam: dhParameters(options.opening.tls.dhGroup) } : {}),
      handshakeTimeout: options.timeout,
      ...(alpn.length > 0
        ? {
            ALPNCallback({ protocols }: { protocols: string[] }) {
              offered = protocols
              return alpn.find(name => protocols.includes(name))
            },
          }
        : {}),
    })
    if (capture) server.on('keylog', (line: Buffer) => capture.secrets.push(line.toString('latin1').trimEnd()))
    server.once('secureConnection', secure => {
      for (const stream of [secure, transport]) stream.allowHalfOpen = true
      resolve(secureChannel(secure, socket, { capture, ...(alpn.length > 0 ? { offered } : {}) }))
    })
    server.once('tlsClientError', (error, secure) => {
      secure.on('error', () => {})
      secure.destroy()
      socket.destroy()
      reject(new Refused(`TLS handshake: ${failure(error)}`))
    })
    // A client that leaves in the middle of the handshake has left: only after it may one side go on alone.
    const transport = capture ? new Tap(socket, capture) : socket
    transport.allowHalfOpen = false
    server.emit('connection', transport)
  })
}

function secureChannel(
  secure: TLSSocket,
  socket: Socket,
  about: { capture?: ReturnType<typeof emptyCapture> | undefined; offered?: readonly string[] },
): Channel {
  const channel = socketChannel(secure, { security: securityOf(secure, about.offered), capture: about.capture })
  // Behind a tap the secure socket knows no addresses.
  return {
    ...channel,
    local: { address: socket.localAddress ?? '', port: socket.localPort ?? 0 },
    remote: { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 },
  }
}

function securityOf(secure: TLSSocket, offered?: readonly string[]): Security {
  // The types leave out what a server is told: the name asked for, or false.
  const { servername } = secure as TLSSocket & { readonly servername?: string | false }
  return {
    version: secure.getProtocol() ?? 'unknown',
    cipher: secure.getCipher().standardName,
    alpn: secure.alpnProtocol || undefined,
    ...(servername ? { serverName: servername } : {}),
    ...(offered ? { offered } : {}),
  }
}

function versionsAndCiphers(opening: Opening | undefined): {
  minVersion?: SecureVersion
  maxVersion?: SecureVersion
  ciphers?: string
} {
  const { minVersion, maxVersion, ciphers } = opening?.tls ?? {}
  const old = [minVersion, maxVersion].some(version => version === 'TLSv1' || version === 'TLSv1.1')
  // Versions as old as these, and ciphers as weak as a case may ask for, exist only on OpenSSL's lowest level.
  const list = ciphers === undefined && !old ? undefined : `${ciphers ?? DEFAULT_CIPHERS}:@SECLEVEL=0`
  const lowest = minVersion ?? (old ? 'TLSv1' : undefined)
  return {
    ...(lowest ? { minVersion: lowest } : {}),
    ...(maxVersion ? { maxVersion } : {}),
    ...(list === undefined ? {} : { ciphers: list }),
  }
}

/** A group in PEM, as OpenSSL takes it: SEQUENCE { INTEGER prime, INTEGER generator }. PKCS #3 */
function dhParameters(group: 'modp16'): string {
  const known = getDiffieHellman(group)
  const octets = der.sequence(der.integer(known.getPrime()), der.integer(known.getGenerator()))
  const lines =
    Buffer.from(octets)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return ['-----BEGIN DH PARAMETERS-----', ...lines, '-----END DH PARAMETERS-----', ''].join('\n')
}

/** Certificate checks of our own, as OpenSSL and Node name them. */
const UNTRUSTED = /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO/

function refusal(error: NodeJS.ErrnoException, where: string): Error {
  const { code = '' } = error
  if (alertOf(error) !== undefined) return new Refused(failure(error))
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return new Refused('the server ended the connection in the TLS handshake')
  }
  if (UNTRUSTED.test(code) && !code.startsWith('ERR_SSL')) {
    return new Unreachable(`${where}: its certificate is not trusted: ${error.message} (--insecure takes any)`)
  }
  return new Unreachable(`${where}: no TLS there: ${failure(error)}`)
}
