import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { hex, toHex } from '../wire/hex.ts'
import type { KeptFind } from './campaign/folder.ts'
import { place } from './campaign/whole-file.ts'
import { pathNameOf } from './target-name.ts'
import { framesOf } from './triage.ts'

/** An input that once was a find, kept so that it never is one again. */
export interface Regression {
  readonly target: string
  /** Names of errors that are refusals. */
  readonly allow: readonly string[]
  /** What it was, and why, for people. */
  readonly about: readonly string[]
  readonly input: Uint8Array
}

/**
 * Reads a file of lines: `target: machine:http2/server` first, `allow: NAME` where an error is a refusal, then `#` and what
 * it was, then octets in hex. Throws `SyntaxError` that names the file.
 */
export function parseRegression(file: string, text: string): Regression {
  const lines = text.split('\n').map(line => line.trim())
  const named = (name: string): string[] =>
    lines.flatMap(line => new RegExp(`^${name}:\\s*(\\S+)$`).exec(line)?.[1] ?? [])
  const [target] = named('target')
  if (target === undefined) throw new SyntaxError(`${file} names no target`)
  const about = lines.flatMap(line => (line.startsWith('#') ? [line.slice(1).trim()] : []))
  const octets = lines.filter(line => line !== '' && !/^(#|target:|allow:)/.test(line)).join('')
  try {
    return { target, allow: named('allow'), about, input: hex(octets) }
  } catch (error) {
    throw new SyntaxError(`${file}: ${(error as Error).message}`)
  }
}

/** The text of such a file. */
export function regressionText({ target, allow, about, input }: Regression): string {
  const lines = [`target: ${target}`, ...allow.map(name => `allow: ${name}`), ...about.map(line => `# ${line}`)]
  return [...lines, ...(toHex(input).match(/.{1,80}/g) ?? []), ''].join('\n')
}

/** A find as a regression: the smallest input there is, what came of it, when, and where. */
export function regressionOf(find: KeptFind): Regression {
  const { target, allow, kind, title, found, stack, replay, input, minimal = input } = find
  const [frame] = stack === undefined ? [] : framesOf(stack)
  const again = replay ? `, came again ${replay.again} of ${replay.times} times` : ''
  const about = [`${kind}: ${title}`, ...(frame ? [`in ${frame.name}, ${frame.file}:${frame.line}`] : [])]
  return { target, allow, about: [...about, `found ${found.slice(0, 10)}${again}`], input: minimal }
}

/**
 * Writes a find that came again into a folder, which is made when it is not there, as `<target>-<id>.hex`. Answers where it
 * is; undefined where there is one of that name, which stays as it is.
 */
export function keepRegression(find: KeptFind, folder: string): string | undefined {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${pathNameOf(find.target)}-${find.id}.hex`)
  return place(path, regressionText(regressionOf(find))) ? path : undefined
}
