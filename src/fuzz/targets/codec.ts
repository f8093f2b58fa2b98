import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { type CatalogueCodec, codecOf, type StatefulCodec } from '../../wire/catalogued.ts'
import { WireError } from '../../wire/errors.ts'
import { difference, plain } from '../../wire/plain.ts'
import { decode, encode } from '../../wire/whole.ts'
import { ACCEPTED, type Chance, type Find, type FuzzSubject, type Outcome, REFUSED, type Target } from '../target.ts'
import { found, loudly, plainFind, quietly, thrownFind } from '../triage.ts'
import { inputOf, mutatePieces, type Piece, piecesOf } from './pieces.ts'
import { mutateValue } from './value.ts'

/** How many values are invented to begin with, and from which seed. */
const INVENTED = 24
const SEED = 0x5eed

/**
 * A codec as a target. Whatever octets it reads, it throws nothing but `WireError`; what it reads, it can write, and reads
 * as the same. A stateful one is made fresh for each input, whose pieces it reads one after the other.
 */
export function codecTarget(name: string, line: CatalogueCodec, vectors: readonly Uint8Array[] = []): Target {
  const stateful = !('codec' in line)
  return {
    name: `codec:${name}`,
    about: line.about,
    deterministic: true,
    start: () => Promise.resolve(stateful ? sessionSubject(name, line, vectors) : codecSubject(name, line, vectors)),
  }
}

function codecSubject(name: string, line: CatalogueCodec, vectors: readonly Uint8Array[]): FuzzSubject {
  const codec = codecOf(line)
  return {
    run: input => tryBlocks([input], name, codec, codec),
    seeds: [...vectors, ...invented(codec)],
    tokens: [],
    mutate(input, chance) {
      return readable(() => encode(codec, changed(decode(codec, input), codec, chance)))
    },
    describe: input => [readable(() => JSON.stringify(plain(decode(codec, input)))) ?? 'is refused'],
  }
}

function sessionSubject(name: string, line: CatalogueCodec, vectors: readonly Uint8Array[]): FuzzSubject {
  const wrapped = (blocks: readonly Uint8Array[]): Uint8Array =>
    inputOf(blocks.map((octets): Piece => ({ kind: 'octets', octets })))
  return {
    run: input => tryBlocks(blocksOf(input), name, codecOf(line), codecOf(line)),
    seeds: [...vectors.map(octets => wrapped([octets])), ...invented(codecOf(line)).map(octets => wrapped([octets]))],
    tokens: [],
    mutate(input, chance) {
      if (chance.oneIn(2)) return mutatePieces(input, chance)
      const blocks = blocksOf(input)
      const [reading, writing] = [codecOf(line), codecOf(line)]
      const at = chance.below(blocks.length)
      return readable(() =>
        wrapped(
          blocks.map((octets, i) => {
            const value = decode(reading, octets)
            return encode(writing, i === at ? changed(value, reading, chance) : value)
          }),
        ),
      )
    },
    describe(input) {
      const codec = codecOf(line)
      return blocksOf(input).map(octets => readable(() => JSON.stringify(plain(decode(codec, octets)))) ?? 'is refused')
    },
  }
}

function blocksOf(input: Uint8Array): Uint8Array[] {
  return piecesOf(input).flatMap(piece => (piece.kind === 'octets' ? [piece.octets] : []))
}

/** Reads blocks by one codec and writes them by another, which is the same one where nothing is remembered. */
function tryBlocks(
  blocks: readonly Uint8Array[],
  name: string,
  reading: StatefulCodec<unknown>,
  writing: StatefulCodec<unknown>,
): Outcome {
  for (const octets of blocks) {
    let value: unknown
    const refused = quietly(() => {
      value = decode(reading, octets)
    })
    if (refused?.thrown instanceof WireError) return REFUSED
    if (refused)
      return found(
        thrownFind(
          'crash',
          loudly(() => decode(reading, octets), refused.thrown),
        ),
      )
    const broken = roundTrip(value, octets, name, writing)
    if (broken) return found(broken)
  }
  return ACCEPTED
}

/** What is wrong with what a codec writes for what it read. */
function roundTrip(value: unknown, octets: Uint8Array, name: string, codec: StatefulCodec<unknown>): Find | undefined {
  let written = octets
  const unwritten = quietly(() => {
    written = encode(codec, value)
  })
  if (unwritten) return lawBroken('it cannot write what it read', () => encode(codec, value), unwritten.thrown)
  // The usual case, and cheap: octets that are the same are read as the same, by whoever remembers nothing.
  if (codec.state === undefined && Buffer.compare(written, octets) === 0) return undefined
  let again: unknown
  const unread = quietly(() => {
    again = decode(codec, written)
  })
  if (unread) return lawBroken('it cannot read what it wrote', () => decode(codec, written), unread.thrown)
  const [before, after] = [plain(value), plain(again)]
  if (isDeepStrictEqual(before, after)) return undefined
  const path = difference(before, after)
  return plainFind('law', `what ${name} reads comes back otherwise${path === '' ? '' : ` at ${path}`}`)
}

function lawBroken(what: string, does: () => unknown, before: unknown): Find {
  const thrown = loudly(() => void does(), before)
  if (!(thrown instanceof WireError)) return thrownFind('crash', thrown, what)
  // Where in the value tells one from another; where in the code would be the same for all of them.
  const where = thrown.path.map(step => (typeof step === 'number' ? '*' : step)).join('.')
  const find = plainFind('law', `${what}: ${thrown.reason}`, where)
  return { ...find, title: `${what}: ${thrown.message}`, stack: thrown.stack }
}

function changed(value: unknown, codec: StatefulCodec<unknown>, chance: Chance): unknown {
  if (!chance.oneIn(4)) return mutateValue(value, chance)
  return fc.sample(codec.any, { seed: chance.below(0x7fffffff), numRuns: 1 })[0]
}

function invented(codec: StatefulCodec<unknown>): Uint8Array[] {
  return fc.sample(codec.any, { seed: SEED, numRuns: INVENTED }).map(value => encode(codec, value))
}

/** What comes of it, or undefined where anything is thrown: the run itself tells of what should not be thrown. */
function readable<T>(does: () => T): T | undefined {
  let value: T | undefined
  quietly(() => {
    value = does()
  })
  return value
}
