import { readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { bitsOf, countBits, type ModuleCoverage, readCoverage } from './coverage-file.ts'
import { hashOf } from './folder.ts'

/** No source that anybody reads is larger, in octets. */
const LARGEST = 1 << 24

/** A file, as far as a campaign has entered it. */
export interface CoveredFile {
  readonly file: string
  readonly covered: number
  readonly blocks: number
  /** Other versions of it that were entered too. */
  readonly others: number
  readonly record: ModuleCoverage
  /** Its text, if it still is what was entered; else why not. */
  readonly text: string | { readonly missing: 'changed' | 'not here' }
}

/**
 * The files of which a campaign has entered something, each in the version that is on the disk, else in that of which most
 * was entered; those first of which much was entered and much was not.
 */
export function coveredFiles(campaign: string): CoveredFile[] {
  const byFile = new Map<string, ModuleCoverage[]>()
  for (const record of readCoverage(campaign)) byFile.set(record.file, [...(byFile.get(record.file) ?? []), record])
  const files = [...byFile.values()].flatMap(versions =>
    chosen(versions.map(each => fileOf(each, versions.length - 1))),
  )
  return files.sort((a, b) => interest(b) - interest(a) || b.covered - a.covered || (a.file < b.file ? -1 : 1))
}

function fileOf(record: ModuleCoverage, others: number): CoveredFile {
  const { file, places } = record
  return { file, covered: countBits(bitsOf(record)), blocks: places.length / 2, others, record, text: textOf(record) }
}

function chosen(versions: CoveredFile[]): CoveredFile[] {
  const isHere = ({ text }: CoveredFile): number => Number(typeof text === 'string')
  return versions.sort((a, b) => isHere(b) - isHere(a) || b.covered - a.covered).slice(0, 1)
}

function interest({ covered, blocks }: CoveredFile): number {
  return (covered * (blocks - covered)) / Math.max(1, blocks)
}

/** Looked for where it lay, in the project, and in the packages that can be seen from it. */
function textOf({ file, at, hash }: ModuleCoverage): CoveredFile['text'] {
  let missing: 'changed' | 'not here' = 'not here'
  for (const path of new Set([at, resolve(file), ...packagesAbove(resolve(), file)])) {
    const octets = readIfThere(path)
    if (octets === undefined) continue
    if (hashOf(octets) === hash) return octets.toString('utf8')
    missing = 'changed'
  }
  return { missing }
}

function packagesAbove(folder: string, file: string): string[] {
  const here = join(folder, 'node_modules', file)
  return folder === dirname(folder) ? [here] : [here, ...packagesAbove(dirname(folder), file)]
}

/** Where it lay is what somebody else may have said: what is no file is not read. */
function readIfThere(path: string): Buffer | undefined {
  try {
    const about = statSync(path)
    return about.isFile() && about.size <= LARGEST ? readFileSync(path) : undefined
  } catch {
    return undefined
  }
}
