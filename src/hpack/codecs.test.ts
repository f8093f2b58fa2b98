import { describe, expect, it } from 'vitest'
import { checkRobustness, checkRoundTrip } from '../wire/laws.ts'
import { hpackCodecs } from './codecs.ts'

const seed = 7541

describe.each(Object.entries(hpackCodecs))(`%s keeps the laws (seed ${seed})`, (_name, line) => {
  it('what is invented survives write, then read', () => {
    checkRoundTrip(line, { seed, runs: 300 })
  })

  it('octets of any kind throw nothing but WireError', () => {
    checkRobustness(line, { seed, runs: 500 })
  })
})

it('there are codecs', () => {
  expect(Object.keys(hpackCodecs).length).toBe(12)
})
