import type { KeyObject } from 'node:crypto'
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import * as der from './der.ts'

/** Both as PEM; the key as PKCS #8. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

export type KeyType = 'ec' | 'rsa'

const DAY = 24 * 60 * 60 * 1000
const made = new Map<KeyType, Certificate>()

/**
 * A certificate for localhost, 127.0.0.1 and ::1, signed by its own key: P-256 with ECDSA, or RSA of 2048 bits for those
 * who know nothing else. Made on first use and kept as long as the process lives.
 */
export function certificate(type: KeyType = 'ec'): Certificate {
  let one = made.get(type)
  if (!one) {
    one = make(type)
    made.set(type, one)
  }
  return one
}

function make(type: KeyType): Certificate {
  const { publicKey, privateKey } = keyPair(type)
  const algorithm = ALGORITHMS[type]
  const body = toBeSigned(publicKey, algorithm)
  const whole = der.sequence(body, algorithm, der.bitString(sign('sha256', body, privateKey)))
  return { cert: pem('CERTIFICATE', whole), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

function keyPair(type: KeyType): { publicKey: KeyObject; privateKey: KeyObject } {
  return type === 'ec'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 })
}

const ALGORITHMS: Readonly<Record<KeyType, Buffer>> = {
  // RFC 5758 §3.2: ecdsa-with-SHA256, whose parameters are absent.
  ec: der.sequence(der.objectIdentifier('1.2.840.10045.4.3.2')),
  // RFC 4055 §5: sha256WithRSAEncryption, whose parameters are NULL.
  rsa: der.sequence(der.objectIdentifier('1.2.840.113549.1.1.11'), der.NULL),
}

/** RFC 5280 §4.1: TBSCertificate, version 3. */
function toBeSigned(publicKey: KeyObject, algorithm: Buffer): Buffer {
  const serial = randomBytes(16)
  serial[0] = (serial[0] ?? 0) | 0x01
  const commonName = der.sequence(der.objectIdentifier('2.5.4.3'), der.utf8String('localhost'))
  const name = der.sequence(der.set(commonName))
  const now = Date.now()
  return der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(serial),
    algorithm,
    name,
    der.sequence(der.utcTime(new Date(now - DAY)), der.utcTime(new Date(now + 365 * DAY))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der.explicit(3, der.sequence(...extensions())),
  )
}

/** RFC 5280 §4.2.1 */
function extensions(): Buffer[] {
  const alternativeNames = der.sequence(
    der.implicit(2, Buffer.from('localhost', 'latin1')),
    der.implicit(7, Buffer.from([127, 0, 0, 1])),
    der.implicit(7, Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])),
  )
  // digitalSignature (bit 0), keyEncipherment (2) for RSA key exchange, keyCertSign (5) as it signs itself.
  const keyUsage = der.bitString(Buffer.from([0b1010_0100]), 2)
  const serverAuth = der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.3.1'))
  return [
    extension('2.5.29.19', der.sequence(der.boolean(true)), true),
    extension('2.5.29.15', keyUsage, true),
    extension('2.5.29.37', serverAuth),
    extension('2.5.29.17', alternativeNames),
  ]
}

function extension(identifier: string, value: Buffer, critical = false): Buffer {
  const flag = critical ? [der.boolean(true)] : []
  return der.sequence(der.objectIdentifier(identifier), ...flag, der.octetString(value))
}

function pem(label: string, content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
