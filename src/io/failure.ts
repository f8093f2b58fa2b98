/** RFC 8446 §6 and RFC 5246 §7.2: alert names by number, as far as one is ever sent. */
const ALERTS: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  21: 'decryption_failed',
  22: 'record_overflow',
  30: 'decompression_failure',
  40: 'handshake_failure',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  100: 'no_renegotiation',
  109: 'missing_extension',
  110: 'unsupported_extension',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  120: 'no_application_protocol',
}

const ERRNO: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by the peer',
  EPIPE: 'the peer reads no more',
  ETIMEDOUT: 'timed out',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name could not be resolved now',
  EADDRINUSE: 'the address is in use',
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'the address is not one of this machine',
}

/** The TLS alert that the peer sent, by name; undefined when the error is not one. */
export function alertOf(error: Error): string | undefined {
  const number = /SSL alert number (\d+)/.exec(error.message)?.[1]
  if (number === undefined) return undefined
  return ALERTS[Number(number)] ?? `alert ${number}`
}

/** What went wrong with a socket, in one line that a person can read and search for. */
export function failure(error: Error): string {
  const alert = alertOf(error)
  if (alert !== undefined) return `TLS alert ${alert}`
  // Several addresses were tried, and each failed.
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : []
  const cause = first instanceof Error ? first : error
  const { code = '' } = cause as NodeJS.ErrnoException
  const known = ERRNO[code]
  if (known !== undefined) return `${known} (${code})`
  // OpenSSL: `error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/...`
  const openssl = /:SSL routines:[^:]*:([^:]+)/.exec(cause.message)?.[1]
  return openssl ?? cause.message
}
