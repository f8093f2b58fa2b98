import { type CatalogueCodec, codecOf } from '../../wire/catalogued.ts'
import type { Codec } from '../../wire/codec.ts'
import { WireError } from '../../wire/errors.ts'
import { decode } from '../../wire/whole.ts'
import type { Find, FuzzSubject } from '../target.ts'
import { loudly, quietly, thrownFind, titleOf } from '../triage.ts'
import { codecTarget } from './codec.ts'
import type { Answer } from './diff-compare.ts'
import { comparable } from './diff-value.ts'
import { isThenable, loadDecoder, type ModuleOptions, moduleName, thrownAgain } from './module.ts'

/** What a subject makes of an input, or what should not have come of it. */
export type Reading = Answer | { readonly kind: 'find'; readonly find: Find }

/** One of several that read the same octets. */
export interface Reader {
  /** Never throws. */
  read(input: Uint8Array): Reading | Promise<Reading>
  readonly seeds: readonly Uint8Array[]
  readonly mutate?: FuzzSubject['mutate']
}

export interface ReaderTarget {
  /** `codec:dns/message` */
  readonly name: string
  start(): Promise<Reader>
}

/** A codec of the catalogue. A stateful one is made fresh for each input, of which it reads one block. */
export function codecReader(name: string, line: CatalogueCodec, vectors: readonly Uint8Array[] = []): ReaderTarget {
  const codec: Codec<unknown> =
    'codec' in line
      ? line.codec
      : {
          read: reader => codecOf(line).read(reader),
          write: (writer, value) => codecOf(line).write(writer, value),
          any: codecOf(line).any,
        }
  return {
    name: `codec:${name}`,
    async start() {
      const { seeds, mutate } = await codecTarget(name, { about: line.about, codec }, vectors).start()
      return { seeds, mutate, read: input => readBy(codec, input, name) }
    },
  }
}

function readBy(codec: Codec<unknown>, input: Uint8Array, name: string): Reading {
  let value: unknown
  const failed = quietly(() => {
    value = comparable(decode(codec, input))
  })
  if (!failed) return { kind: 'accepts', value }
  const { thrown } = failed
  if (thrown instanceof WireError) {
    // Which part it was, wherever it stands: sections and lists hold much of the same sort.
    const where = thrown.path.findLast(step => typeof step === 'string') ?? ''
    return {
      kind: 'refuses',
      why: thrown.message,
      sort: `${thrown.code}${where === '' ? '' : ` in ${where}`}: ${thrown.reason}`,
    }
  }
  const loud = loudly(() => void decode(codec, input), thrown)
  return { kind: 'find', find: thrownFind('crash', loud, name) }
}

/** Anybody's decoder. What it returns is its value; one that returns nothing is asked only whether it accepts. */
export function moduleReader(options: ModuleOptions): ReaderTarget {
  const name = moduleName(options)
  return {
    name,
    async start() {
      const { decode: decodes, refuses } = await loadDecoder(options)
      async function failedBy(thrown: unknown, input: Uint8Array): Promise<Reading> {
        const loud = await thrownAgain(() => decodes(input), thrown)
        return { kind: 'find', find: thrownFind('crash', loud, name.replace(/^module:/, '')) }
      }
      const outcomeOf = (thrown: unknown, input: Uint8Array): Reading | Promise<Reading> => {
        if (!refuses(thrown)) return failedBy(thrown, input)
        const why = titleOf(thrown)
        return { kind: 'refuses', why, sort: why }
      }
      return {
        seeds: options.seeds ?? [],
        read(input) {
          let value: unknown
          const failed = quietly(() => {
            const result = decodes(input)
            value = isThenable(result) ? result : comparable(result)
          })
          if (failed) return outcomeOf(failed.thrown, input)
          if (!isThenable(value)) return { kind: 'accepts', value }
          return Promise.resolve(value)
            .then(result => comparable(result))
            .then(
              (result): Reading => ({ kind: 'accepts', value: result }),
              (thrown: unknown) => outcomeOf(thrown, input),
            )
        },
      }
    },
  }
}
