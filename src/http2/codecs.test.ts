import { describe, expect, it } from 'vitest'
import { checkRobustness, checkRoundTrip } from '../wire/laws.ts'
import { http2Codecs } from './codecs.ts'

const seed = 9113

describe.each(Object.entries(http2Codecs))(`%s keeps the laws (seed ${seed})`, (_name, line) => {
  it('what is invented survives write, then read', () => {
    checkRoundTrip(line, { seed, runs: 300 })
  })

  it('octets of any kind throw nothing but WireError', () => {
    checkRobustness(line, { seed, runs: 500 })
  })
})

it('there are codecs', () => {
  expect(Object.keys(http2Codecs).length).toBe(20)
})
