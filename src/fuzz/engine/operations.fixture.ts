import fc from 'fast-check'
import type { Operation } from './stateful.fixture.ts'

/** Operations in any order, as somebody would write them who does not think of guidance. */
export const operations: fc.Arbitrary<readonly Operation[]> = fc.array(
  fc.oneof<fc.Arbitrary<Operation>[]>(
    fc.record({ kind: fc.constant('open'), name: fc.integer({ min: 0, max: 255 }) }),
    fc.record({ kind: fc.constant('write'), octets: fc.integer({ min: 0, max: 1000 }) }),
    fc.record({ kind: fc.constant('seek'), to: fc.integer({ min: 0, max: 255 }) }),
    fc.constant({ kind: 'sync' }),
    fc.constant({ kind: 'close' }),
  ),
  { maxLength: 30 },
)
