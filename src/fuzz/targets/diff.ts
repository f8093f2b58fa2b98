import { ACCEPTED, type Chance, type Find, type FuzzSubject, type Outcome, REFUSED, type Target } from '../target.ts'
import { found } from '../triage.ts'
import { type Answered, type Comparing, type Disagreement, disagreements } from './diff-compare.ts'
import { shortNames } from './diff-name.ts'
import type { Reader, ReaderTarget, Reading } from './diff-reader.ts'
import { shown } from './diff-value.ts'

/** Why a disagreement, by its id, is none to act upon; undefined where nobody says so. */
export type KnownReason = (id: string) => string | undefined

export interface DiffOptions {
  /** `diff:codec:dns/message,module:./other.mjs#decode` */
  readonly name: string
  /** Two of them or more. */
  readonly subjects: readonly ReaderTarget[]
  readonly comparing: Comparing
  readonly known?: KnownReason | undefined
}

/**
 * Decoders side by side: each reads the same octets. Where one accepts what another refuses, or makes of it another value,
 * they disagree; a throw that is no refusal is a find of its own.
 */
export function diffTarget({ name, subjects, comparing, known }: DiffOptions): Target {
  const names = shortNames(subjects.map(subject => subject.name))
  return {
    name,
    about: `${names.join(', ')}, side by side`,
    deterministic: true,
    async start() {
      const readers = await Promise.all(subjects.map(subject => subject.start()))
      return diffSubject(readers, names, comparing, known)
    },
  }
}

function diffSubject(
  readers: readonly Reader[],
  names: readonly string[],
  comparing: Comparing,
  known: KnownReason | undefined,
): FuzzSubject {
  let states: number[] = []

  function judge(readings: readonly Reading[]): Outcome {
    const answered: Answered[] = []
    let sorts = ''
    for (const [i, reading] of readings.entries()) {
      if (reading.kind === 'find') return found(reading.find)
      answered.push({ subject: names[i] as string, answer: reading })
      sorts += reading.kind === 'accepts' ? 'y' : 'n'
    }
    // Who accepts what with whom guides the search.
    states = [Number.parseInt(sorts.replaceAll('y', '1').replaceAll('n', '0'), 2)]
    return outcomeOf(disagreements(answered, comparing), known, sorts.includes('y'))
  }

  return {
    seeds: distinct(readers.flatMap(({ seeds }) => seeds)),
    tokens: [],
    mutate(input: Uint8Array, chance: Chance) {
      const able = readers.filter(({ mutate }) => mutate !== undefined)
      return able.length === 0 ? undefined : chance.pick(able).mutate?.(input, chance)
    },
    states: () => states,
    run(input) {
      const readings = readers.map(reader => reader.read(input))
      if (readings.every(isAtHand)) return judge(readings)
      return Promise.all(readings).then(judge)
    },
    describe(input) {
      return readers.flatMap((reader, i) => {
        const reading = reader.read(input)
        return isAtHand(reading) ? `${names[i]}: ${describes(reading)}` : []
      })
    },
  }
}

/** What comes of an input: the disagreements that are not known; where there are none, those that are. */
export function outcomeOf(differ: readonly Disagreement[], known: KnownReason | undefined, accepted: boolean): Outcome {
  const [first, ...others] = differ.filter(({ id }) => known?.(id) === undefined).map(disagreementFind)
  if (first) return found(others.length === 0 ? first : { ...first, also: others })
  if (differ.length === 0) return accepted ? ACCEPTED : REFUSED
  return { kind: accepted ? 'accepted' : 'refused', known: differ.map(disagreementFind) }
}

function disagreementFind({ id, said }: Disagreement): Find {
  return { kind: 'disagreement', title: id, signature: `disagreement | ${id}`, said }
}

function isAtHand(reading: Reading | Promise<Reading>): reading is Reading {
  return !(reading instanceof Promise)
}

function describes(reading: Reading): string {
  if (reading.kind === 'find') return reading.find.title
  if (reading.kind === 'refuses') return `refuses: ${reading.why}`
  return reading.value === undefined ? 'accepts' : `accepts ${shown(reading.value)}`
}

function distinct(seeds: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(seeds.map(seed => [Buffer.from(seed).toString('latin1'), seed])).values()]
}
