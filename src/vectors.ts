import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { parseVectors, type Vector, type VectorFile, type VectorGroup } from './vector-file.ts'
import { type CatalogueCodec, codecOf, type StatefulCodec } from './wire/catalogued.ts'
import { WireError } from './wire/errors.ts'
import { hex, toHex } from './wire/hex.ts'
import { plain } from './wire/plain.ts'
import { decode, encode } from './wire/whole.ts'

export { plain }

/** The catalogue's codecs by name. */
export type Codecs = Readonly<Record<string, CatalogueCodec>>

/** How one vector went. */
export interface VectorResult {
  /** The vector's file in the folder of vectors, for example `hpack/integer.json`. */
  readonly file: string
  readonly codec: string
  readonly vector: Vector
  /** What is wrong, in one line; nothing when all is well. */
  readonly problem?: string
}

/** The folder of vectors that comes with this package. */
export function vectorsFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'vectors', 'schema.json'))) return join(folder, 'vectors')
    if (folder === dirname(folder)) throw new Error('no folder of vectors above the code')
  }
}

/** All vector files below a folder, by their path in it. Throws `SyntaxError` that says which file is wrong, and where. */
export function loadVectors(folder = vectorsFolder()): ReadonlyMap<string, VectorFile> {
  const files = new Map<string, VectorFile>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path).replaceAll('\\', '/')
    if (!entry.isFile() || !name.endsWith('.json') || name === 'schema.json') continue
    files.set(name, parseVectors(name, readFileSync(path, 'utf8')))
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Runs all vectors against the codecs that they name, or against one of these only. */
export function runVectors(files: ReadonlyMap<string, VectorFile>, codecs: Codecs, only?: string): VectorResult[] {
  const results: VectorResult[] = []
  for (const [file, { groups }] of files)
    for (const group of groups)
      if (only === undefined || group.codec === only)
        for (const result of runGroup(group, codecs[group.codec])) results.push({ file, codec: group.codec, ...result })
  return results
}

/** Runs the vectors of one group against its codec. */
export function runGroup(
  group: VectorGroup,
  line: CatalogueCodec | undefined,
): { readonly vector: Vector; readonly problem?: string }[] {
  if (line === undefined) return group.vectors.map(vector => ({ vector, problem: `no codec ${group.codec}` }))
  const session = group.session ? codecOf(line, group.options) : undefined
  return group.vectors.map(vector => {
    const problem = runVector(vector, session ?? codecOf(line, group.options), line)
    return problem === undefined ? { vector } : { vector, problem }
  })
}

function runVector(vector: Vector, codec: StatefulCodec<unknown>, line: CatalogueCodec): string | undefined {
  const octets = hex(vector.octets)
  let value: unknown
  try {
    value = decode(codec, octets)
  } catch (error) {
    if (!(error instanceof WireError)) return `threw ${error}`
    if (vector.error === undefined) return error.message
    return error.code === vector.error.code ? undefined : `${vector.error.code} expected: ${error.message}`
  }
  if (vector.error !== undefined) return `${vector.error.code} expected, read ${json(value)}`
  if (!isDeepStrictEqual(plain(value), vector.value)) return `read ${json(value)}`
  if (vector.state !== undefined) {
    const state = plain(codec.state?.())
    if (!isDeepStrictEqual(state, vector.state)) return `remembers ${JSON.stringify(state)}`
  }
  return writingProblem(vector, octets, value, line)
}

/** Writes the value: the same octets have to come, or, if there are several encodings, such as read as the same value. */
function writingProblem(vector: Vector, octets: Uint8Array, value: unknown, line: CatalogueCodec): string | undefined {
  const written = encode(codecOf(line), value)
  if (!vector.oneWay) return toHex(written) === toHex(octets) ? undefined : `wrote ${toHex(written)}`
  const again = decode(codecOf(line), written)
  return isDeepStrictEqual(plain(again), plain(value)) ? undefined : `wrote ${toHex(written)}, read ${json(again)}`
}

function json(value: unknown): string {
  return JSON.stringify(plain(value))
}
