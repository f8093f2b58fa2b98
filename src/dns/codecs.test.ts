import { describe, expect, it } from 'vitest'
import { loadVectors, runVectors } from '../vectors.ts'
import { checkRobustness, checkRoundTrip } from '../wire/laws.ts'
import { dnsCodecs } from './codecs.ts'

const seed = 1035

describe.each(Object.entries(dnsCodecs))(`%s keeps the laws (seed ${seed})`, (_name, line) => {
  it('what is invented survives write, then read', () => {
    checkRoundTrip(line, { seed, runs: 300 })
  })

  it('octets of any kind throw nothing but WireError', () => {
    checkRobustness(line, { seed, runs: 500 })
  })
})

describe('vectors of DNS', () => {
  const results = runVectors(loadVectors(), dnsCodecs).filter(({ codec }) => codec.startsWith('dns/'))

  it.each(results.map(result => [`${result.file} ${result.vector.id}: ${result.vector.comment}`, result] as const))(
    '%s',
    (_title, result) => {
      expect(result.problem).toBeUndefined()
    },
  )

  it('are there for each codec', () => {
    const tested = new Set(results.map(({ codec }) => codec))
    expect(Object.keys(dnsCodecs).filter(name => !tested.has(name))).toEqual([])
  })
})
