import { didYouMean } from './nearest.ts'
import { UsageError } from './options.ts'

/** Where a server is, and what is spoken there. */
export interface ServerAddress {
  /** As it was given, without path. */
  readonly url: string
  readonly host: string
  readonly port: number
  /** Host and port as requests name them. */
  readonly authority: string
  readonly secure: boolean
  /** The path of the URL, where it has one. */
  readonly path?: string
}

const SCHEMES = ['h2c', 'https', 'http']

/** Reads the URL of a server; throws `UsageError` for what cannot be graded, with what can. */
export function serverAddress(typed: string): ServerAddress {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(typed)?.[1]?.toLowerCase()
  if (scheme === undefined) {
    throw new UsageError(
      `grade: '${typed}' has no scheme; give h2c://${typed} (HTTP/2 without TLS) or https://${typed}`,
    )
  }
  if (scheme === 'http') {
    const rest = typed.slice('http://'.length)
    throw new UsageError(
      `grade: http:// is HTTP/1.1, which is not there yet; for HTTP/2 with prior knowledge give h2c://${rest}`,
    )
  }
  if (scheme !== 'h2c' && scheme !== 'https') {
    throw new UsageError(`grade: nothing grades ${scheme}://${didYouMean(scheme, SCHEMES)} (h2c:// or https://)`)
  }
  let url: URL
  try {
    // A scheme that URL knows, so that hosts are read by the rules of the web.
    url = new URL(`https${typed.slice(typed.indexOf(':'))}`)
  } catch {
    throw new UsageError(`grade: '${typed}' is not a URL; for example ${scheme}://127.0.0.1:8080`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError(
      'grade: the URL holds a user name, which HTTP/2 has no place for; use --header authorization:...',
    )
  }
  const secure = scheme === 'https'
  // URL leaves out 443 for us; h2c has no port of its own but that of http.
  const port = url.port === '' ? (secure || /:443(\/|$)/.test(typed) ? 443 : 80) : Number(url.port)
  const path = url.pathname + url.search
  const usual = port === (secure ? 443 : 80)
  return {
    url: `${scheme}://${url.hostname}:${port}`,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    authority: usual ? url.hostname : `${url.hostname}:${port}`,
    secure,
    ...(path === '/' ? {} : { path }),
  }
}
