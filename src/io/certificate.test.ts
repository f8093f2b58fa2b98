import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { certificate } from './certificate.ts'
import * as der from './der.ts'

describe.each(['ec', 'rsa'] as const)('certificate of %s', type => {
  it('is one that OpenSSL reads, for this machine, and signed by its own key', () => {
    const { cert, key } = certificate(type)
    const read = new X509Certificate(cert)
    expect(read.subject).toBe('CN=localhost')
    expect(read.issuer).toBe('CN=localhost')
    expect(read.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1')
    expect(read.checkHost('localhost')).toBe('localhost')
    expect(read.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(read.checkIP('::1')).toBe('::1')
    expect(read.ca).toBe(true)
    expect(read.verify(read.publicKey)).toBe(true)
    expect(read.checkIssued(read)).toBe(true)
    expect(read.publicKey.asymmetricKeyType).toBe(type)
    expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----\n/)
    expect(new Date(read.validFrom).getTime()).toBeLessThan(Date.now())
    expect(new Date(read.validTo).getTime()).toBeGreaterThan(Date.now())
  })

  it('is made once', () => {
    expect(certificate(type)).toBe(certificate(type))
  })
})

// X.690 §8.1.3.5, §8.3, §8.19.5
describe('DER', () => {
  it('writes lengths in the short and the long form', () => {
    expect(der.octetString(new Uint8Array(127)).subarray(0, 2).toString('hex')).toBe('047f')
    expect(der.octetString(new Uint8Array(201)).subarray(0, 3).toString('hex')).toBe('0481c9')
    expect(der.octetString(new Uint8Array(300)).subarray(0, 4).toString('hex')).toBe('0482012c')
  })

  it('writes an integer in the fewest octets, and never as negative', () => {
    expect(der.integer(Buffer.from([0x80])).toString('hex')).toBe('02020080')
    expect(der.integer(Buffer.from([0, 0, 5])).toString('hex')).toBe('020105')
    expect(der.integer(Buffer.from([0])).toString('hex')).toBe('020100')
  })

  it('writes an object identifier in base 128', () => {
    expect(der.objectIdentifier('2.999.3').toString('hex')).toBe('0603883703')
  })
})
