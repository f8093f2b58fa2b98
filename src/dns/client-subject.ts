import type { Subject } from '../conformance/case.ts'
import type { Honours } from '../conformance/rule.ts'
import { StubProgram } from './stub/program.ts'

/** The name that our own client asks for. */
const NAME = 'www.example.test.'

/** Shorter than the patience of a case, as any client's under test has to be, in ms. */
const TIMEOUT = 1000

/** Our own stub resolver as a program that asks for one address; its chance is the same in every run of a test. */
export function clientSubject(honours: Honours): Subject {
  const entropy = pseudorandom(0x5eed)
  return {
    connect() {
      throw new TypeError('a client of DNS opens its flows itself')
    },
    flows: ({ servers = 1 } = {}) => new StubProgram({ name: NAME, servers, timeout: TIMEOUT, entropy, honours }),
  }
}

/** Octets that look like chance: the high bits of a linear congruential generator. For tests alone. */
function pseudorandom(seed: number): (octets: number) => Uint8Array {
  let state = seed >>> 0
  return count =>
    Uint8Array.from({ length: count }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state >>> 24
    })
}
