import type { SchemeName } from '../schemes.ts'
import { SCHEMES, schemeNames, schemeOf } from '../schemes.ts'
import { didYouMean } from './nearest.ts'
import { UsageError } from './options.ts'
import { zoneNamed } from './zone-file.ts'

/** Where a server is, and what is spoken there. */
export interface ServerAddress {
  /** As it was given, without path. */
  readonly url: string
  readonly scheme: SchemeName
  readonly host: string
  readonly port: number
  /** Host and port as requests name them. */
  readonly authority: string
  readonly secure: boolean
  /** The path of the URL, where it has one that is asked for. */
  readonly path?: string
  /** The zone that the URL names: `dns://127.0.0.1/example.org`. RFC 4501 §4 */
  readonly zone?: string
}

/** Reads the URL of a server for a command; throws `UsageError` for what is not spoken here, with what is. */
export function serverAddress(typed: string, command = 'grade'): ServerAddress {
  const scheme = schemeIn(typed, command)
  let url: URL
  try {
    // A scheme that URL knows, so that hosts are read by the rules of the web.
    url = new URL(`https${typed.slice(typed.indexOf(':'))}`)
  } catch {
    throw new UsageError(`${command}: '${typed}' is not a URL; for example ${scheme}://127.0.0.1:8080`)
  }
  if (url.username !== '' || url.password !== '') {
    const way = SCHEMES[scheme].protocol === 'http2' ? '; use --header authorization:...' : ''
    throw new UsageError(`${command}: the URL holds a user name, which has no place in ${SCHEMES[scheme].about}${way}`)
  }
  const usual = SCHEMES[scheme].port
  // URL leaves out 443 for us.
  const port = url.port !== '' ? Number(url.port) : /:443([/?#]|$)/.test(typed) ? 443 : usual
  return {
    url: `${scheme}://${url.hostname}:${port}`,
    scheme,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    authority: port === usual ? url.hostname : `${url.hostname}:${port}`,
    secure: schemeOf(scheme).alpn !== undefined,
    ...asked(scheme, url, command),
  }
}

function schemeIn(typed: string, command: string): SchemeName {
  const name = /^([a-z][a-z0-9+.-]*):\/\//i.exec(typed)?.[1]?.toLowerCase()
  if (name === undefined) {
    throw new UsageError(
      `${command}: '${typed}' has no scheme; give h2c://${typed} (HTTP/2 without TLS), https://${typed} or dns://${typed}`,
    )
  }
  if (name === 'http') {
    const rest = typed.slice('http://'.length)
    throw new UsageError(
      `${command}: http:// is HTTP/1.1, which is not there yet; for HTTP/2 with prior knowledge give h2c://${rest}`,
    )
  }
  const names = schemeNames()
  const scheme = names.find(each => each === name)
  if (scheme !== undefined) return scheme
  const meant = NICKNAMES[name]
  const hint = meant === undefined ? didYouMean(name, names) : `; did you mean '${meant}'?`
  throw new UsageError(
    `${command}: nothing ${command === 'grade' ? 'grades' : 'speaks'} ${name}://${hint} (${names.join('://, ')}://)`,
  )
}

/** What people call a scheme. */
const NICKNAMES: Readonly<Record<string, SchemeName>> = { h2: 'https', dot: 'tls+dns', doh: 'https+dns' }

/** What stands behind host and port: where HTTP carries requests the path of them, else the name of a zone. */
function asked(scheme: SchemeName, url: URL, command: string): Pick<ServerAddress, 'path' | 'zone'> {
  const path = url.pathname + url.search
  if (path === '/') return {}
  if (SCHEMES[scheme].protocol !== 'dns' || scheme === 'https+dns') return { path }
  return { zone: zoneNamed(decoded(url.pathname.slice(1), command), `${command}: the zone in the URL`) }
}

function decoded(path: string, command: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw new UsageError(`${command}: the zone in the URL is no name: '${path}' is not percent-encoded UTF-8`)
  }
}
