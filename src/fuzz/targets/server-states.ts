import type { SessionForm } from './server-form.ts'
import type { Heard } from './server-session.ts'

/** Answers of one flow that are told apart: more of the same say nothing new. */
const ANSWERS = 64
const STATES = 1 << 16
const ENDINGS = ['open', 'eof', 'reset', 'silence', 'barrier'] as const

/** How a flow ended. `barrier`: over datagrams, what was asked last was answered. */
export type Ending = (typeof ENDINGS)[number]

/**
 * What guides where the server's code is not seen: each answer with the one before it, and how the flow ended after it, as
 * numbers below 2^16.
 */
export function statesOf(heard: readonly Heard[], form: SessionForm): number[] {
  const states = new Set<number>()
  for (const { transport, octets, ending } of heard) {
    let before = mixed(transport.length, transport.charCodeAt(0))
    for (const code of form.answers(octets, transport).slice(0, ANSWERS)) {
      states.add(mixed(before, code))
      before = mixed(0, code)
    }
    states.add(mixed(before, -1 - ENDINGS.indexOf(ending)))
  }
  return [...states]
}

/** How the end of a flow is called. */
const ENDED: Readonly<Record<Ending, string>> = {
  open: 'left open',
  eof: 'closed',
  reset: 'reset',
  silence: 'silence',
  barrier: 'all answered',
}

/** What followed what, in words for people: for each flow what carries it, each answer, and its end. */
export function pathsOf(heard: readonly Heard[], form: SessionForm): string[][] {
  return heard.map(({ transport, octets, ending }) => {
    const answers = form.answers(octets, transport).slice(0, ANSWERS)
    const words = answers.map(answer => form.word?.(answer, transport) ?? String(answer))
    return [transport, ...words, ENDED[ending]]
  })
}

function mixed(one: number, other: number): number {
  let hash = Math.imul(one ^ 0x2545f491, 0x9e3779b1) ^ Math.imul(other + 1, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35)
  return (hash ^ (hash >>> 13)) & (STATES - 1)
}
