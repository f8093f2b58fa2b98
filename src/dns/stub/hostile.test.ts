import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeMessage, message } from '../message.ts'
import { STUB_LIMITS } from './options.ts'
import { a, answerTo, cname, World } from './world.fixture.ts'

const NAME = 'www.example.test.'

/** What a hostile server, or somebody who knows the identifier, may send. */
const anything = fc.oneof(
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 80 }).map(octets => ({ kind: 'octets' as const, octets })) },
  { weight: 4, arbitrary: message.any.map(value => ({ kind: 'message' as const, value })) },
  {
    weight: 4,
    arbitrary: fc
      .array(fc.tuple(fc.nat({ max: 200 }), fc.nat({ max: 255 })), { maxLength: 4 })
      .map(changes => ({ kind: 'changed' as const, changes })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('eof' as const, 'refused' as const).map(how => ({ kind: 'end' as const, how })),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'time' as const }) },
)

describe('whatever servers send', () => {
  it('a look-up throws nothing, and comes to its end after a bounded number of queries', () => {
    const property = fc.property(fc.array(anything, { maxLength: 40 }), fc.boolean(), (events, mixedCase) => {
      const world = new World({ servers: 2, mixedCase })
      world.ask(NAME)
      for (const event of events) {
        if (world.events.length > 0) break
        const { query } = world.last
        if (event.kind === 'octets') world.give(event.octets)
        else if (event.kind === 'end') world.give(event.how)
        else if (event.kind === 'time') world.pass()
        else if (event.kind === 'message') {
          const { id, questions } = query
          world.give(encodeMessage({ ...event.value, id, qr: true, opcode: 0, questions }))
        } else {
          const answers = [cname(NAME, 'b.test.'), a('b.test.', '192.0.2.1')]
          const octets = encodeMessage(answerTo(query, { answers }))
          for (const [at, octet] of event.changes) if (at < octets.length) octets[at] = octet
          world.give(octets)
        }
      }
      for (let i = 0; i < 200 && world.resolver.deadline !== undefined; i++) world.pass()
      expect(world.events).toHaveLength(1)
      expect(world.asked.length).toBeLessThanOrEqual(STUB_LIMITS.queries)
      // Nothing stays open.
      expect(new Set(world.closed)).toEqual(new Set(world.asked.map(({ flow }) => flow)))
      expect(world.resolver.deadline).toBeUndefined()
    })
    fc.assert(property, { seed: 0x5eed, numRuns: 2000 })
  })
})
