const examples = new WeakMap<RegExp, string>()

/** A text that a pattern may match: the first of its choices, as few repeats as it allows. It does for common patterns. */
export function exampleOf(pattern: RegExp): string {
  let example = examples.get(pattern)
  if (example === undefined) {
    example = new Sample(pattern.source).alternatives()
    examples.set(pattern, example)
  }
  return example
}

const CLASSES: Readonly<Record<string, string>> = { d: '0', w: 'a', s: ' ', D: 'a', W: ' ', S: 'a', b: '', B: '' }
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', 0: '\0' }

class Sample {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  /** Up to the end, or the parenthesis that closes. */
  alternatives(): string {
    let first: string | undefined
    let text = ''
    while (this.#at < this.#source.length && this.#source[this.#at] !== ')') {
      if (this.#source[this.#at] === '|') {
        this.#at++
        first ??= text
        text = ''
      } else text += this.#repeated(this.#one())
    }
    return first ?? text
  }

  #one(): string {
    const character = this.#source[this.#at++] as string
    if (character === '^' || character === '$') return ''
    if (character === '.') return 'a'
    if (character === '[') return this.#oneOf()
    if (character === '\\') return this.#escaped()
    return character === '(' ? this.#group() : character
  }

  #group(): string {
    const kind = /^\?(?:[:=!]|<[=!]|<[^>]*>)/.exec(this.#source.slice(this.#at))?.[0] ?? ''
    this.#at += kind.length
    const text = this.alternatives()
    this.#at++
    // What must follow is written again by what follows.
    return /[=!]$/.test(kind) ? '' : text
  }

  #oneOf(): string {
    const isNot = this.#source[this.#at] === '^'
    if (isNot) this.#at++
    let first: string | undefined
    while (this.#at < this.#source.length && this.#source[this.#at] !== ']') {
      const character = this.#one()
      first ??= character
    }
    this.#at++
    if (!isNot) return first ?? ''
    return first === 'a' ? 'b' : 'a'
  }

  #escaped(): string {
    const character = this.#source[this.#at++] ?? ''
    const code = /^(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/i.exec(this.#source.slice(this.#at - 1))
    if (code !== null) {
      this.#at += code[0].length - 1
      return String.fromCharCode(Number.parseInt(code[1] ?? code[2] ?? '0', 16))
    }
    return CLASSES[character] ?? CONTROLS[character] ?? character
  }

  #repeated(text: string): string {
    const quantifier = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(this.#source.slice(this.#at))
    if (quantifier === null) return text
    this.#at += quantifier[0].length
    if (quantifier[1] !== undefined) return text.repeat(Math.min(Number(quantifier[1]), 64))
    return quantifier[0].startsWith('+') ? text : ''
  }
}
