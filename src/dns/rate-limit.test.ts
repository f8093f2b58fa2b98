import { describe, expect, it } from 'vitest'
import { decode } from '../wire/whole.ts'
import { encodeMessage, message } from './message.ts'
import { RCODE, TYPE } from './mnemonics.ts'
import { queryFor } from './query.ts'
import { RateLimiter } from './rate-limit.ts'

const response = (name: string, rcode: number = RCODE.NOERROR) =>
  encodeMessage({
    ...queryFor({ name, type: TYPE.A }, { id: 7, rcode }),
    qr: true,
    answers: rcode === RCODE.NOERROR ? [{ name, type: TYPE.A, class: 1, ttl: 1, data: { address: '192.0.2.1' } }] : [],
  })

/** How many of so many responses at one time are sent whole, truncated or not at all. */
function sent(limiter: RateLimiter, count: number, now: number, octets = response('a.test.'), address = '192.0.2.9') {
  const all = Array.from({ length: count }, () => limiter.limited(octets, address, now))
  const truncated = all.filter(one => one && decode(message, one).tc)
  const whole = all.filter(one => one && !decode(message, one).tc)
  return { whole: whole.length, truncated: truncated.length, dropped: count - whole.length - truncated.length }
}

describe('response rate limiting', () => {
  it('lets some through each second, and every other of the rest truncated', () => {
    const limiter = new RateLimiter({ perSecond: 5, slip: 2, window: 1 })
    expect(sent(limiter, 15, 0)).toEqual({ whole: 5, truncated: 5, dropped: 5 })
    // A second pays the debt of one, the next one gives credit again.
    expect(sent(limiter, 1, 1000).whole).toBe(0)
    expect(sent(limiter, 6, 2200)).toMatchObject({ whole: 5 })
  })

  it('truncates to the question alone', () => {
    const limiter = new RateLimiter({ perSecond: 1, slip: 1 })
    limiter.limited(response('a.test.'), '192.0.2.9', 0)
    const octets = limiter.limited(response('a.test.'), '192.0.2.9', 0)
    expect(octets && decode(message, octets)).toMatchObject({
      id: 7,
      tc: true,
      questions: [{ name: 'a.test.' }],
      answers: [],
    })
  })

  it('drops all that is too much without slip', () => {
    const limiter = new RateLimiter({ perSecond: 2, slip: 0 })
    expect(sent(limiter, 10, 0)).toEqual({ whole: 2, truncated: 0, dropped: 8 })
  })

  it('counts by network and name, and all names that do not exist as one', () => {
    const limiter = new RateLimiter({ perSecond: 1, slip: 0 })
    expect(sent(limiter, 1, 0).whole).toBe(1)
    expect(sent(limiter, 1, 0, response('A.TEST.'), '192.0.2.200').whole).toBe(0)
    expect(sent(limiter, 1, 0, response('b.test.')).whole).toBe(1)
    expect(sent(limiter, 1, 0, response('a.test.'), '198.51.100.1').whole).toBe(1)
    expect(sent(limiter, 1, 0, response('x.test.', RCODE.NXDOMAIN)).whole).toBe(1)
    expect(sent(limiter, 1, 0, response('y.test.', RCODE.NXDOMAIN)).whole).toBe(0)
    expect(sent(limiter, 1, 0, response('a.test.'), '2001:db8::1').whole).toBe(1)
    expect(sent(limiter, 1, 0, response('a.test.'), '2001:db8:0:1::2').whole).toBe(0)
  })

  it('remembers no more than it may', () => {
    const limiter = new RateLimiter({ perSecond: 1, slip: 0, remembered: 2 })
    for (const name of ['a.test.', 'b.test.', 'c.test.']) sent(limiter, 1, 0, response(name))
    expect(sent(limiter, 1, 0, response('a.test.')).whole).toBe(1)
    expect(sent(limiter, 1, 0, response('c.test.')).whole).toBe(0)
  })
})
