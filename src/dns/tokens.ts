import type { Name } from './name.ts'

/** What text was wrong, for the one who wrote it. */
export class TextError extends Error {
  override readonly name: string = 'TextError'
}

/** One word of a master file, escapes still in it. RFC 1035 §5.1 */
export interface Token {
  readonly text: string
  /** It stood in quotation marks, so that nothing in it is special. */
  readonly quoted: boolean
  /** Nothing stood between it and the word before. */
  readonly glued: boolean
}

/** Takes the words of one entry of a master file, from the left. */
export class Tokens {
  /** What names without a dot at their end are relative to. */
  readonly origin: Name
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[], origin: Name = '.') {
    this.#tokens = tokens
    this.origin = origin
  }

  get more(): boolean {
    return this.#at < this.#tokens.length
  }

  /** The next word, which stays. */
  get peek(): Token | undefined {
    return this.#tokens[this.#at]
  }

  /** Takes the next word; throws `TextError` where there is none, with what was wanted. */
  next(wanted: string): Token {
    const token = this.#tokens[this.#at]
    if (token === undefined) throw new TextError(`${wanted} is missing`)
    this.#at++
    return token
  }

  /** Takes all words that are left, without anything between them. */
  joined(): string {
    const rest = this.#tokens.slice(this.#at)
    this.#at = this.#tokens.length
    return rest.map(({ text }) => text).join('')
  }

  /** Throws `TextError` where words are left over. */
  end(): void {
    const token = this.#tokens[this.#at]
    if (token !== undefined) throw new TextError(`'${token.text}' is too much`)
  }
}

/** What ends a word that is not quoted. */
const ENDS = ' \t\r\n\v\f"();'

/** The word that begins at a character, and where it ends. Throws `TextError` for a quotation mark without its other. */
export function wordAt(
  text: string,
  at: number,
): { readonly text: string; readonly quoted: boolean; readonly end: number } {
  const quoted = text.charAt(at) === '"'
  const from = quoted ? at + 1 : at
  let end = from
  for (;;) {
    const character = text.charAt(end)
    if (quoted ? character === '"' : character === '' || ENDS.includes(character)) break
    if (character === '' || character === '\n') throw new TextError('a quotation mark has no other on its line')
    if (character === '\\' && text.charAt(end + 1) === '\n') throw new TextError('a backslash ends a line')
    end += character === '\\' ? 2 : 1
  }
  end = Math.min(end, text.length)
  return { text: text.slice(from, end), quoted, end: quoted ? end + 1 : end }
}

/** Splits one entry, without comments and parentheses, into its words. Throws `TextError`. */
export function tokenize(line: string): Token[] {
  const tokens: Token[] = []
  let last = -1
  for (let at = 0; at < line.length; ) {
    if (/\s/.test(line.charAt(at))) {
      at++
      continue
    }
    const { text, quoted, end } = wordAt(line, at)
    if (end === at) throw new TextError(`'${line.charAt(at)}' where a word belongs`)
    tokens.push({ text, quoted, glued: at === last })
    at = end
    last = end
  }
  return tokens
}

/** The octets that a word stands for: `\DDD` and `\X` are one each. RFC 1035 §5.1 */
export function unescaped(text: string): Uint8Array {
  const octets: number[] = []
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character !== '\\') {
      // What is no ASCII is taken as UTF-8, as every server does.
      octets.push(...Buffer.from(String.fromCodePoint(text.codePointAt(at) as number)))
      if ((text.codePointAt(at) as number) > 0xffff) at++
      continue
    }
    const digits = /^\d{3}/.exec(text.slice(at + 1, at + 4))?.[0]
    if (digits !== undefined) {
      if (Number(digits) > 255) throw new TextError(`\\${digits} is no octet`)
      octets.push(Number(digits))
      at += 3
    } else if (at + 1 < text.length) octets.push(text.charCodeAt(++at) & 0xff)
    else throw new TextError('a word ends in a backslash')
  }
  return Uint8Array.from(octets)
}

/** Octets as a quoted character string. RFC 1035 §5.1 */
export function quoted(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) {
    if (octet === 0x22 || octet === 0x5c) text += `\\${String.fromCharCode(octet)}`
    else if (octet < 0x20 || octet > 0x7e) text += `\\${String(octet).padStart(3, '0')}`
    else text += String.fromCharCode(octet)
  }
  return `"${text}"`
}
