import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { threadId } from 'node:worker_threads'

/**
 * Instrumented code of sources that were seen before, in a folder of the user's own among the system's temporary ones:
 * every worker of a campaign loads all of its target anew, and instrumenting takes most of that time.
 */
export class InstrumentedCache {
  readonly #folder: string
  readonly #prefix: string
  #isUsable: boolean | undefined

  constructor(folder: string = join(tmpdir(), `wiregrade-${process.getuid?.() ?? 'user'}`)) {
    this.#folder = folder
    this.#prefix = instrumenter()
  }

  /** The code for a source, made where it is not there yet. A cache that cannot be written is none. */
  code(source: string, file: string, make: () => string): string {
    this.#isUsable ??= this.#open()
    if (!this.#isUsable) return make()
    const key = createHash('sha256').update(`${this.#prefix}\0${file}\0${source}`).digest('hex').slice(0, 32)
    const path = join(this.#folder, key)
    const known = textOf(path)
    if (known !== undefined) return known
    const code = make()
    const part = `${path}.${process.pid}-${threadId}`
    try {
      writeFileSync(part, code, { mode: 0o600 })
      renameSync(part, path)
    } catch {
      rmSync(part, { force: true })
    }
    return code
  }

  /** Only a folder that nobody else can write is one: what lies there is run. */
  #open(): boolean {
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      const folder = lstatSync(this.#folder)
      const isOwn = process.getuid === undefined || (folder.uid === process.getuid() && (folder.mode & 0o022) === 0)
      return isOwn && folder.isDirectory()
    } catch {
      return false
    }
  }
}

/** Another instrumenter makes other code: its own text is part of every key. */
function instrumenter(): string {
  const hash = createHash('sha256')
  const here = fileURLToPath(new URL('.', import.meta.url))
  for (const name of readdirSync(here).sort()) hash.update(textOf(join(here, name)) ?? '')
  return hash.digest('hex')
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
