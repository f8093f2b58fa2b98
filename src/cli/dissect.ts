import { existsSync, readFileSync } from 'node:fs'
import { codecs } from '../catalog.ts'
import { codecOf } from '../wire/catalogued.ts'
import { dissect as dissectOctets } from '../wire/dissect.ts'
import { hex, toHex } from '../wire/hex.ts'
import { plain } from '../wire/plain.ts'
import { didYouMean } from './nearest.ts'
import type { Command } from './options.ts'
import { UsageError } from './options.ts'
import { out, table } from './terminal.ts'

/** Octets shown of one part. */
const SHOWN = 8

export const dissect: Command = {
  name: 'dissect',
  usage: '<codec> <hex|file|->',
  about: 'Takes octets apart: offset, octets, path and value of each part.',
  more: [
    'The octets are given in hex (white space may stand between them), in a file, or on standard input; a file or input that holds nothing but hex digits and white space is read as hex, any other as it is.',
    `Codecs: ${Object.keys(codecs).join(', ')}.`,
  ],
  options: { json: { about: 'Print rows, value and error as JSON.' } },
  words: [2, 2],
  examples: [
    ['dissect http2/frame 000000040100000000', 'a SETTINGS frame'],
    ['dissect hpack/block "8286 8441 0161"', 'a block of fields'],
    ['dissect http2/frame capture.bin', 'what a file holds'],
  ],
  run({ words, has }) {
    const [name = '', source = ''] = words
    const line = Object.hasOwn(codecs, name) ? codecs[name] : undefined
    if (!line) {
      const names = Object.keys(codecs)
      throw new UsageError(`dissect: no codec '${name}'${didYouMean(name, names)} (wiregrade list codecs)`)
    }
    const { rows, value, error } = dissectOctets(codecOf(line), octetsOf(source))
    if (has('json')) {
      const told = rows.map(row => ({
        offset: row.offset,
        octets: toHex(row.octets),
        path: row.path,
        value: row.value,
      }))
      const wrong = error && { code: error.code, offset: error.offset, path: error.path, reason: error.reason }
      out.line(JSON.stringify(plain({ rows: told, value, error: wrong }), undefined, 2))
    } else {
      const cells = rows.map(row => [
        String(row.offset),
        row.octets.length > SHOWN
          ? `${toHex(row.octets.subarray(0, SHOWN), ' ')} … (${row.octets.length})`
          : toHex(row.octets, ' '),
        row.path.join('.') || (row.value === undefined ? '(not read)' : '.'),
        row.value === undefined || row.path.length === 0 ? '' : inline(row.value),
      ])
      for (const text of table(['offset', 'octets', 'path', 'value'], cells, out.width)) out.line(text)
      // A codec that names no parts tells its value as a whole.
      if (value !== undefined && rows.every(({ path }) => path.length === 0)) {
        for (const text of whole(value)) out.line(text)
      }
      if (error) out.line(out.paint('red', error.message))
    }
    return Promise.resolve(error ? 1 : 0)
  },
}

function octetsOf(source: string): Uint8Array {
  if (source === '-') return read(0, 'standard input')
  if (existsSync(source)) return read(source, source)
  try {
    return hex(source)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    const why = thrown.message.replace(/^hex: /, '')
    throw new UsageError(`dissect: '${shorten(source)}' is neither a file nor hex: ${why}`)
  }
}

function read(from: number | string, name: string): Uint8Array {
  let content: Buffer
  try {
    content = readFileSync(from)
  } catch (thrown) {
    throw new UsageError(`dissect: ${name} cannot be read: ${(thrown as Error).message}`)
  }
  const text = content.toString('latin1')
  if (content.length === 0 || !/^[0-9a-fA-F\s]+$/.test(text)) return content
  try {
    return hex(text)
  } catch {
    return content
  }
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}

/** A value on lines of its own, an element of a list a line. */
function whole(value: unknown): string[] {
  return Array.isArray(value) ? value.map(element => `  ${inline(element)}`) : [`  ${inline(value)}`]
}

/** A value on one line; octets as hex, and as text beside it where they are printable. */
function inline(value: unknown): string {
  if (value instanceof Uint8Array) {
    const text = Buffer.from(value).toString('latin1')
    const hexed = toHex(value)
    return /^[\x20-\x7e]+$/.test(text) ? `${JSON.stringify(text)}` : hexed
  }
  if (typeof value === 'bigint') return `${value}`
  if (typeof value === 'number' && value > 9) return `${value} (0x${value.toString(16)})`
  return JSON.stringify(plain(value))
}
