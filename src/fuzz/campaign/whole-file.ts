import { existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { threadId } from 'node:worker_threads'

/** Parts that nobody has finished for so long, in ms, belong to somebody who was killed. */
const STALE = 60_000

let count = 0

/** A name beside a file that nobody else has, in this process or in another. */
function beside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}-${threadId}.${++count}.part`)
}

/** Names of what is whole in a folder; none where it is not there. */
export function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(name => !name.startsWith('.'))
  } catch {
    return []
  }
}

/**
 * Puts a file in its place such that a reader finds it whole or not at all, whenever we are killed, and such that what is
 * there already stays. Answers whether it was put.
 */
export function place(path: string, content: string | Uint8Array): boolean {
  if (existsSync(path)) return false
  const part = beside(path)
  writeFileSync(part, content)
  try {
    // A link fails where there is a file, as a rename does not.
    linkSync(part, path)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    // File systems without links: two who write at once write the same, as names say what is inside.
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS') {
      renameSync(part, path)
      return true
    }
    throw error
  } finally {
    rmSync(part, { force: true })
  }
}

/** Puts a file in the place of another: a reader finds the one or the other, and each whole. */
export function replace(path: string, content: string | Uint8Array): void {
  const part = beside(path)
  try {
    writeFileSync(part, content)
    renameSync(part, path)
  } finally {
    rmSync(part, { force: true })
  }
}

/** Like `place` for a folder with some files in it. */
export function placeFolder(path: string, files: Readonly<Record<string, string | Uint8Array>>): boolean {
  const part = beside(path)
  mkdirSync(part)
  for (const [name, content] of Object.entries(files)) writeFileSync(join(part, name), content)
  try {
    // Fails where there is a folder with something in it.
    renameSync(part, path)
    return true
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false
    throw error
  }
}

/** Removes the parts that somebody who was killed has left in a folder. */
export function sweep(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    if (!isPart(name)) continue
    const path = join(folder, name)
    try {
      if (now - statSync(path).mtimeMs > STALE) rmSync(path, { recursive: true, force: true })
    } catch {
      // Its owner has finished it meanwhile.
    }
  }
}

export function isPart(name: string): boolean {
  return name.startsWith('.') && name.endsWith('.part')
}
