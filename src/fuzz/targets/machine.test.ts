import { describe, expect, it } from 'vitest'
import type { Subject } from '../../conformance/case.ts'
import type { Endpoint } from '../../machine.ts'
import { machineTarget } from './machine.ts'
import { arrivals, inputOf } from './pieces.ts'

const quiet: Endpoint = { receive() {}, tick() {}, transmit: () => [] }

async function outcome(endpoint: () => Partial<Endpoint>, input: Uint8Array) {
  const subject: Subject = { connect: () => Object.setPrototypeOf(endpoint(), quiet) as Endpoint }
  const target = machineTarget({ name: 'toy', about: '', subject: () => subject, freshSubject: false, seeds: [] })
  return (await target.start()).run(input)
}

const octet = arrivals(Uint8Array.of(1))

describe('a machine as a target', () => {
  it('may hear, and close', async () => {
    expect(await outcome(() => ({}), octet)).toEqual({ kind: 'accepted' })
    expect(await outcome(() => ({ transmit: () => ['close'] }), octet)).toEqual({ kind: 'refused' })
  })

  it('may not throw, whatever it is told', async () => {
    const thrower = (name: 'receive' | 'tick' | 'transmit') => () => ({
      deadline: 5,
      [name]: () => {
        throw new TypeError('planted')
      },
    })
    for (const name of ['receive', 'tick', 'transmit'] as const) {
      expect(await outcome(thrower(name), octet), name).toMatchObject({
        kind: 'find',
        find: { kind: 'crash', title: 'TypeError: planted' },
      })
    }
  })

  it('may not go round at a deadline that does not pass', async () => {
    expect(await outcome(() => ({ deadline: 5 }), octet)).toMatchObject({
      kind: 'find',
      find: { kind: 'law', title: 'its deadline does not pass' },
    })
  })

  it('may want to be asked again at once as long as it has something to say', async () => {
    let left = 3000
    const machine = () => ({
      get deadline() {
        return left > 0 ? 0 : undefined
      },
      transmit: () => (left-- > 0 ? [Uint8Array.of(1)] : []),
    })
    expect(await outcome(machine, octet)).toEqual({ kind: 'accepted' })
  })

  it('may not give out everything at once', async () => {
    const endless = () => ({ transmit: () => [new Uint8Array(5 << 20)] })
    expect(await outcome(endless, octet)).toMatchObject({ kind: 'find', find: { kind: 'law' } })
  })

  it('hears octets as they are cut, time, and the end', async () => {
    const heard: unknown[] = []
    const machine = () => ({
      receive: (octets: Uint8Array | 'eof', now: number) =>
        void heard.push([octets === 'eof' ? octets : [...octets], now]),
    })
    const input = inputOf([
      { kind: 'octets', octets: Uint8Array.of(1, 2) },
      { kind: 'time', stride: 3, flow: 0 },
      { kind: 'octets', octets: Uint8Array.of(3) },
      { kind: 'end', how: 0, flow: 0 },
    ])
    await outcome(machine, input)
    expect(heard).toEqual([
      [[1, 2], 0],
      [[3], 10],
      ['eof', 10],
    ])
  })
})
