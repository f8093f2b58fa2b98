import { closeSync, openSync, readdirSync, readFileSync, readSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Find } from '../target.ts'
import { plainFind } from '../triage.ts'

/** Octets of a log that are looked at after one session, and of a report that are kept. */
const AT_ONCE = 1 << 16

/** What is written to a file since this was made, or last asked. */
export class LogTail {
  readonly #fd: number
  readonly #room = Buffer.alloc(AT_ONCE)
  #at = 0

  constructor(path: string) {
    this.#fd = openSync(path, 'r')
    this.read()
  }

  /** Empty where nothing was: a read of some µs. */
  read(): string {
    let text = ''
    for (;;) {
      const length = readSync(this.#fd, this.#room, 0, AT_ONCE, this.#at)
      this.#at += length
      if (length > 0) text = (text + this.#room.toString('latin1', 0, length)).slice(-4 * AT_ONCE)
      if (length < AT_ONCE) return text
    }
  }

  close(): void {
    closeSync(this.#fd)
  }
}

const REPORT = /(?:ERROR|WARNING): (\w*Sanitizer): ?([^\n]*)|^(\S+?):(\d+)(?::\d+)?: runtime error: ([^\n]*)/m
const FRAME = /^\s*#\d+ 0x[0-9a-f]+ in (\S+)(?: (\S+))?/gm
/** Functions that stand above the one at fault, and are the sanitizer's or the C library's. */
const RUNTIME =
  /^(__|_?_?interceptor|operator new|mem(cpy|set|move|cmp|chr)|str\w+|[cm]alloc|realloc|free$|vs?n?printf)/
const TOP = 3

/** Whether a log tells of something that a sanitizer found. */
export function mentionsSanitizer(log: string): boolean {
  return REPORT.test(log)
}

/** The find that a sanitizer reported in a log: its signature is what it was, and the top frames that are the server's. */
export function sanitizerFind(log: string): Find | undefined {
  const [match, by, what = '', file, line, undefinedly] = REPORT.exec(log) ?? []
  if (match === undefined) return undefined
  const report = log.slice(log.indexOf(match))
  if (by === undefined) {
    const find = plainFind('crash', `undefined behaviour: ${undefinedly}`, `${file}:${line}`)
    return { ...find, stack: report.slice(0, AT_ONCE), certain: true }
  }
  // `heap-buffer-overflow on address 0x.. at pc ..`: the first word says it; a leak is told of in a sentence.
  const leaks = by === 'LeakSanitizer'
  const frames = [...report.matchAll(FRAME)].flatMap(([, name = '']) => (RUNTIME.test(name) ? [] : [name]))
  const title = `${by}: ${leaks ? what : (what.split(' ')[0] ?? '')}${frames[0] === undefined ? '' : ` in ${frames[0]}`}`
  const find = plainFind(leaks ? 'memory' : 'crash', title, frames.slice(0, TOP).join(' '))
  // What leaks may only have had no time to be freed.
  return { ...find, stack: report.slice(0, AT_ONCE), ...(!leaks && { certain: true as const }) }
}

/** What sanitizers call the files that they leave in a server's folder, each followed by a dot and the process's number. */
const LEFT = 'sanitizer'

/** What a server's environment has to say for its sanitizers to leave their reports where `reportsLeft` finds them. */
export function sanitizerEnvironment(folder: string): Record<string, string> {
  // What was freed is kept for a while, which would look like a leak.
  const options = `log_path=${join(folder, LEFT)}:quarantine_size_mb=8:print_legend=0`
  return { ASAN_OPTIONS: options, UBSAN_OPTIONS: `log_path=${join(folder, LEFT)}:print_stacktrace=1` }
}

/** Octets of reports in a folder that are not at their end yet; undefined where there are none. */
export function unfinishedReports(folder: string): number | undefined {
  try {
    const texts = readdirSync(folder)
      .filter(name => name.startsWith(`${LEFT}.`))
      .map(name => readFileSync(join(folder, name), 'latin1'))
      .filter(text => !text.includes('SUMMARY: '))
    return texts.length === 0 ? undefined : texts.join('').length
  } catch {
    return undefined
  }
}

/** Takes the reports that sanitizers left in a folder: they are gone then. */
export function reportsLeft(folder: string): string {
  let text = ''
  try {
    for (const name of readdirSync(folder)) {
      if (!name.startsWith(`${LEFT}.`)) continue
      text += readFileSync(join(folder, name), 'latin1')
      rmSync(join(folder, name), { force: true })
    }
  } catch {
    // The folder has gone, and what was in it.
  }
  return text
}
