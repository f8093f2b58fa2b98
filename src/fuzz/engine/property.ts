import type fc from 'fast-check'
import { ACCEPTED, type FuzzSubject, type Outcome, REFUSED } from '../target.ts'
import { OctetRandom } from './octet-random.ts'

/** A property of values that fast-check invents. */
export interface PropertyOptions<T> {
  readonly any: fc.Arbitrary<T>
  /** Throws, or returns false, where the property does not hold. */
  readonly holds: (value: T) => unknown
  /** What is no value to test: fast-check's `pre`, or what is thrown on purpose. */
  readonly isRefusal?: ((error: unknown) => boolean) | undefined
  /** Finds with the same are one: the message of what was thrown unless it says otherwise. */
  readonly signature?: ((error: unknown) => string) | undefined
}

/** The value that an input invents. */
export function inventedBy<T>(any: fc.Arbitrary<T>, input: Uint8Array): T {
  return any.generate(new OctetRandom(input), undefined).value
}

/**
 * A property as a subject: inputs are what its values are invented from, so that whatever guides inputs guides the values. The
 * arbitrary stays as it is.
 */
export function propertySubject<T>({ any, holds, isRefusal, signature }: PropertyOptions<T>): FuzzSubject {
  return {
    // Most arbitraries read a size first: of nothing but zeros they invent little.
    seeds: [1, 7, 31].map(factor => Uint8Array.from({ length: 128 }, (_, i) => ((i + 1) * factor * 37) & 0xff)),
    tokens: [],
    run(input): Outcome {
      try {
        return holds(inventedBy(any, input)) === false ? broken(new Error('the property does not hold')) : ACCEPTED
      } catch (error) {
        return isRefusal?.(error) === true ? REFUSED : broken(error)
      }
    },
    describe: input => [String(JSON.stringify(inventedBy(any, input)))],
  }

  function broken(error: unknown): Outcome {
    const title = String(error)
    const stack = error instanceof Error ? error.stack : undefined
    return { kind: 'find', find: { kind: 'law', title, stack, signature: signature?.(error) ?? title } }
  }
}
