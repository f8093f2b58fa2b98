import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Report } from '../conformance/verdict.ts'
import { html } from './html.ts'
import { jsonCollectionPieces, jsonPieces } from './json.ts'
import { junitPieces } from './junit.ts'
import { markdown } from './markdown.ts'

/** A report could not be written; the message says which, and why. */
export class Unwritable extends Error {
  override readonly name = 'Unwritable'
}

/** Where each form of a report went. */
export interface Written {
  readonly json: string
  readonly html: string
  readonly junit: string
  readonly markdown: string
}

/**
 * Writes every form of the reports into a folder, which is made when it is not there. `report.json` is the report itself
 * when there is one, else the collection of all. Throws `Unwritable`.
 */
export async function writeReports(folder: string, reports: readonly Report[]): Promise<Written> {
  const [first] = reports
  if (!first) throw new RangeError('there is no report to write')
  const written: Written = {
    json: join(folder, 'report.json'),
    html: join(folder, 'report.html'),
    junit: join(folder, 'junit.xml'),
    markdown: join(folder, 'report.md'),
  }
  await writeWhole(written.json, reports.length === 1 ? jsonPieces(first) : jsonCollectionPieces(reports))
  await writeWhole(written.junit, junitPieces(reports))
  await writeWhole(written.markdown, markdown(reports))
  await writeWhole(written.html, html(reports))
  return written
}

/**
 * Writes a file, and the folders above it, such that a reader finds the old one or the new one and never a part: under
 * another name beside it first, then renamed. Throws `Unwritable`, and leaves nothing behind.
 */
export async function writeWhole(path: string, content: string | Uint8Array | Iterable<string>): Promise<void> {
  const beside = `${path}.${process.pid}.part`
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(beside, 'w')
    try {
      await writeFile(file, content)
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw new Unwritable(`cannot write ${path}: ${reason(error)}`, { cause: error })
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
  EISDIR: 'there is a folder of that name',
  ENOTDIR: 'a file stands where a folder is wanted',
  EEXIST: 'a file stands where a folder is wanted',
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return REASONS[code ?? ''] ?? message
}
