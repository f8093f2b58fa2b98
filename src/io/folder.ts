import { chmodSync, chownSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { adoptFolder, releaseFolder } from './leftovers.ts'
import { isRoot, NOBODY } from './program.ts'

/** A temporary folder of a program's own. */
export interface Folder {
  readonly path: string
  /** Writes a file, or makes a folder where the name ends in a slash, for the program's user. */
  write(name: string, content: string | Uint8Array, mode?: number): void
  /** Removes it and all that is in it. May be called twice. */
  remove(): void
}

/** Makes a folder that goes with us; it belongs to nobody where that is whom its program runs as. */
export function temporaryFolder(name: string, unprivileged = false): Folder {
  const path = mkdtempSync(join(tmpdir(), `wiregrade-${name}-`))
  adoptFolder(path)

  function own(entry: string, mode: number): void {
    chmodSync(entry, mode)
    if (unprivileged && isRoot()) chownSync(entry, NOBODY, NOBODY)
  }

  function makeFolder(entry: string): void {
    if (entry.length <= path.length) return
    makeFolder(dirname(entry))
    mkdirSync(entry, { recursive: true })
    own(entry, 0o755)
  }

  own(path, 0o755)
  return {
    path,
    write(file, content, mode = 0o644) {
      const entry = join(path, file)
      if (file.endsWith('/')) {
        makeFolder(entry.replace(/\/$/, ''))
        return
      }
      makeFolder(dirname(entry))
      writeFileSync(entry, content)
      own(entry, mode)
    },
    remove: () => releaseFolder(path),
  }
}
