import fc from 'fast-check'
import { ACCEPTED, type FuzzSubject, type Outcome, REFUSED } from '../target.ts'
import { found, loudly, quietly, thrownFind } from '../triage.ts'
import { OctetRandom } from './octet-random.ts'

/** What of a property is asked for: any that `fc.property` or `fc.asyncProperty` makes, of whatever version. */
export interface Property<T> {
  generate(random: fc.Random): { readonly value: T }
  run(value: T): RunResult | Promise<RunResult>
  runBeforeEach?(): void | Promise<void>
  runAfterEach?(): void | Promise<void>
}

type RunResult = fc.PreconditionFailure | { readonly error: unknown } | null

/** The value that an input invents. */
export function inventedBy<T>(property: Pick<Property<T>, 'generate'>, input: Uint8Array): T {
  return property.generate(new OctetRandom(input)).value
}

/**
 * A property as a subject: inputs are what its values are invented from, so that whatever guides inputs guides the values. Its
 * arbitraries stay as they are. A value that its `fc.pre` does not want, and an error that is said to be one, is a refusal.
 */
export function propertySubject<T>(
  property: Property<T>,
  isRefusal: (error: unknown) => boolean = () => false,
): FuzzSubject {
  return {
    // Most arbitraries read a size first: of nothing but zeros they invent little.
    seeds: [1, 7, 31].map(factor => Uint8Array.from({ length: 128 }, (_, i) => ((i + 1) * factor * 37) & 0xff)),
    tokens: [],
    run(input) {
      let result = null as RunResult | Promise<RunResult>
      const failed = quietly(() => {
        result = tried(property, input)
      })
      if (failed) return judged({ error: failed.thrown }, input)
      return result instanceof Promise ? awaited(result) : judged(result, input)
    },
    describe: input => [fc.stringify(inventedBy(property, input))],
  }

  function judged(result: RunResult, input: Uint8Array): Outcome {
    const outcome = outcomeOf(result)
    if (outcome) return outcome
    const thrown = loudly(() => {
      const again = tried(property, input)
      if (again !== null && 'error' in again) throw again.error
    }, errorOf(result))
    return found(thrownFind('law', thrown))
  }

  async function awaited(result: Promise<RunResult>): Promise<Outcome> {
    const came = await result.catch((error: unknown) => ({ error }))
    return outcomeOf(came) ?? found(thrownFind('law', errorOf(came)))
  }

  function outcomeOf(result: RunResult): Outcome | undefined {
    if (result === null) return ACCEPTED
    return isPrecondition(result) || isRefusal(errorOf(result)) ? REFUSED : undefined
  }
}

function tried<T>(property: Property<T>, input: Uint8Array): RunResult | Promise<RunResult> {
  const value = inventedBy(property, input)
  const before = property.runBeforeEach?.()
  if (before instanceof Promise) {
    return before.then(() => property.run(value)).finally(() => property.runAfterEach?.())
  }
  const result = property.run(value)
  if (result instanceof Promise) return result.finally(() => property.runAfterEach?.())
  property.runAfterEach?.()
  return result
}

/** Another version of fast-check has a class of its own for it. */
function isPrecondition(result: RunResult): boolean {
  return fc.PreconditionFailure.isFailure(result) || (result instanceof Error && !('error' in result))
}

function errorOf(result: RunResult): unknown {
  return result !== null && 'error' in result ? result.error : result
}
