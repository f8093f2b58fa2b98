import { describe, expect, test } from 'vitest'
import { hex, toHex } from '../wire/hex.ts'
import { cookieFor, cookieWorth, isCookieLength } from './cookie.ts'

const secret = { key: hex('e5e973e5a6b2a43f48e7dc849e37bfcf') }
const client = hex('2464c4abcf10c957')

describe("a server's cookie", () => {
  // RFC 9018 appendix A
  test.each([
    [secret.key, client, '198.51.100.100', 1559731985, '2464c4abcf10c957010000005cf79f111f8130c3eee29480'],
    [secret.key, client, '198.51.100.100', 1559734385, '2464c4abcf10c957010000005cf7a871d4a564a1442aca77'],
    [
      secret.key,
      hex('fc93fc62807ddb86'),
      '203.0.113.203',
      1559734700,
      'fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e',
    ],
    [
      hex('445536bcd2513298075a5d379663c962'),
      hex('22681ab97d52c298'),
      '2001:db8:220:1:59de:d0f4:8769:82b8',
      1559741961,
      '22681ab97d52c298010000005cf7c609a6bb79d16625507a',
    ],
  ])('is what other servers make of the same secret', (key, from, address, seconds, cookie) => {
    expect(toHex(cookieFor({ key }, from, address, seconds))).toBe(cookie)
  })

  test('is the same for an IPv4 address that IPv6 maps', () => {
    const plain = cookieFor(secret, client, '198.51.100.100', 0)
    expect(cookieFor(secret, client, '::ffff:198.51.100.100', 0)).toEqual(plain)
  })
})

// RFC 9018 §4.3
describe('a cookie', () => {
  const cookie = cookieFor(secret, client, '192.0.2.1', 1_000_000)
  const worth = (seconds: number, address = '192.0.2.1') => cookieWorth(secret, cookie, address, seconds)

  test('is good for half an hour, renewed in the next, then bad', () => {
    expect(worth(1_000_000)).toBe('good')
    expect(worth(1_001_800)).toBe('good')
    expect(worth(1_001_801)).toBe('renew')
    expect(worth(1_003_600)).toBe('renew')
    expect(worth(1_003_601)).toBe('bad')
  })

  test('may be from five minutes ahead', () => {
    expect(worth(999_700)).toBe('good')
    expect(worth(999_699)).toBe('bad')
  })

  test('is taken across the wrap of 32 bits', () => {
    const late = cookieFor(secret, client, '192.0.2.1', 0xffff_fff0)
    expect(cookieWorth(secret, late, '192.0.2.1', 0x1_0000_0010)).toBe('good')
  })

  test('is bad from another address, with one bit turned, of another secret, or cut off', () => {
    expect(worth(1_000_000, '192.0.2.2')).toBe('bad')
    for (let at = 0; at < cookie.length; at++) {
      const turned = Uint8Array.from(cookie)
      turned[at] = (turned[at] as number) ^ 1
      expect(cookieWorth(secret, turned, '192.0.2.1', 1_000_000)).toBe('bad')
    }
    expect(cookieWorth({ key: new Uint8Array(16) }, cookie, '192.0.2.1', 1_000_000)).toBe('bad')
    expect(cookieWorth(secret, cookie.subarray(0, 23), '192.0.2.1', 1_000_000)).toBe('bad')
  })
})

// RFC 7873 §5.2.2
test('cookies have 8, or 16 to 40 octets', () => {
  const lengths = Array.from({ length: 50 }, (_, length) => length).filter(isCookieLength)
  expect(lengths).toEqual([8, ...Array.from({ length: 25 }, (_, i) => 16 + i)])
})
