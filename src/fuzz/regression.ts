import { hex, toHex } from '../wire/hex.ts'

/** An input that once was a find, kept so that it never is one again. */
export interface Regression {
  readonly target: string
  /** What it was, and why, for people. */
  readonly about: readonly string[]
  readonly input: Uint8Array
}

/**
 * Reads a file of lines: `target: machine:http2/server` first, then `#` and what it was, then octets in hex. Throws
 * `SyntaxError` that names the file.
 */
export function parseRegression(file: string, text: string): Regression {
  const lines = text.split('\n').map(line => line.trim())
  const target = lines.map(line => /^target:\s*(\S+)$/.exec(line)?.[1]).find(Boolean)
  if (target === undefined) throw new SyntaxError(`${file} names no target`)
  const about = lines.flatMap(line => (line.startsWith('#') ? [line.slice(1).trim()] : []))
  const octets = lines.filter(line => line !== '' && !line.startsWith('#') && !line.startsWith('target:')).join('')
  try {
    return { target, about, input: hex(octets) }
  } catch (error) {
    throw new SyntaxError(`${file}: ${(error as Error).message}`)
  }
}

/** The text of such a file. */
export function regressionText({ target, about, input }: Regression): string {
  const octets = toHex(input).replace(/.{1,80}/g, line => `${line}\n`)
  return `target: ${target}\n${about.map(line => `# ${line}\n`).join('')}${octets}`
}
