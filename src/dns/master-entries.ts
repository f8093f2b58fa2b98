import { TextError, type Token, wordAt } from './tokens.ts'

/** One entry of a master file: what stands on one line, or in parentheses on several. RFC 1035 §5.1 */
export interface Entry {
  /** Of its beginning, from 1. */
  readonly line: number
  /** It begins with white space, and so has the owner of the entry before. */
  readonly indented: boolean
  readonly tokens: readonly Token[]
}

/** A text that is wrong at a line, from 1. */
export class LineError extends TextError {
  override readonly name = 'LineError'
  readonly line: number

  constructor(line: number, reason: string) {
    super(reason)
    this.line = line
  }
}

/** The entries of a master file that are not empty, one after the other. Throws `LineError`. RFC 1035 §5.1 */
export function* entriesOf(text: string): Generator<Entry> {
  let line = 1
  let begun = 1
  let opened = 0
  let parentheses = 0
  let indented = false
  let fresh = true
  let last = -1
  let tokens: Token[] = []
  // A byte order mark is no part of the first name.
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length; ) {
    const character = text.charAt(at)
    if (character === '\n') {
      if (parentheses === 0) {
        if (tokens.length > 0) yield { line: begun, indented, tokens }
        tokens = []
        fresh = true
      }
      line++
      at++
    } else if (
      character === ' ' ||
      character === '\t' ||
      character === '\r' ||
      character === '\v' ||
      character === '\f'
    ) {
      if (fresh) indented = true
      fresh = false
      at++
    } else if (character === ';') {
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end
    } else if (character === '(' || character === ')') {
      if (character === '(' && parentheses++ === 0) opened = line
      if (character === ')' && --parentheses < 0) throw new LineError(line, 'a parenthesis closes that was not opened')
      if (fresh) indented = false
      fresh = false
      at++
    } else {
      if (fresh) indented = false
      fresh = false
      if (tokens.length === 0) begun = line
      const word = wordOn(line, text, at)
      tokens.push({ text: word.text, quoted: word.quoted, glued: at === last })
      at = word.end
      last = at
    }
  }
  if (parentheses > 0) throw new LineError(opened, 'a parenthesis opens that is not closed')
  if (tokens.length > 0) yield { line: begun, indented, tokens }
}

function wordOn(line: number, text: string, at: number): ReturnType<typeof wordAt> {
  try {
    return wordAt(text, at)
  } catch (error) {
    throw error instanceof TextError ? new LineError(line, error.message) : error
  }
}
