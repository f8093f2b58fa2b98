import { parseArgs } from 'node:util'
import { didYouMean } from './nearest.ts'

/** What was typed cannot be done: one clear line, exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** An option as it is declared by a command; help is made from the same lines. */
export interface Option {
  /** How its value is called in help, for example `FILE`; a switch has none. */
  readonly value?: string
  /** May be given more than once. */
  readonly many?: true
  readonly about: string
}

export type Options = Readonly<Record<string, Option>>

/** A command: what it is called, how help tells of it, what it does. */
export interface Command {
  readonly name: string
  /** What stands after the name: `<url> [options]`. */
  readonly usage: string
  /** One line. */
  readonly about: string
  /** More, as paragraphs. */
  readonly more?: readonly string[]
  readonly options: Options
  /** The fewest and most words that are not options. */
  readonly words: readonly [least: number, most: number]
  readonly examples: readonly (readonly [command: string, about: string])[]
  /** Does it and answers the exit status. */
  run(given: Given): Promise<number>
}

/** What was given to a command, by option name. */
export interface Given {
  readonly words: readonly string[]
  has(name: string): boolean
  text(name: string): string | undefined
  all(name: string): readonly string[]
  /** A whole number between bounds, or the default. */
  count(name: string, bounds: { readonly least: number; readonly most: number }): number | undefined
  /** One of some words. */
  choice<const Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined
}

/** Reads a command's arguments; throws `UsageError` that says what is wrong, and what may be meant. */
export function parse(command: Pick<Command, 'name' | 'options' | 'words' | 'usage'>, args: readonly string[]): Given {
  const switches = { ...command.options, help: { about: 'this help' } } as Options
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(switches).map(([name, { value }]) => [
        name,
        { type: value === undefined ? 'boolean' : 'string', ...(name === 'help' ? { short: 'h' } : {}) },
      ]),
    ),
  })
  const words: string[] = []
  const values = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const option = Object.hasOwn(switches, token.name) ? switches[token.name] : undefined
    if (!option) {
      const names = Object.keys(switches).map(name => `--${name}`)
      throw new UsageError(`${command.name}: no option '${token.rawName}'${didYouMean(token.rawName, names)}`)
    }
    const before = values.get(token.name) ?? []
    if (option.value === undefined) {
      if (token.value !== undefined) throw new UsageError(`${command.name}: --${token.name} takes no value`)
    } else {
      if (token.value === undefined) throw new UsageError(`${command.name}: --${token.name} wants ${option.value}`)
      // `--run --json` is a forgotten value, not a value.
      if (!token.inlineValue && /^--[a-z]/.test(token.value)) {
        throw new UsageError(
          `${command.name}: --${token.name} wants ${option.value}, and '${token.value}' is another option (--${token.name}=${token.value} if you mean it)`,
        )
      }
      if (before.length > 0 && !option.many) throw new UsageError(`${command.name}: --${token.name} is given twice`)
    }
    values.set(token.name, [...before, token.value ?? ''])
  }
  if (!values.has('help')) checkWords(command, words)
  return given(command, words, values)
}

function checkWords(command: Pick<Command, 'name' | 'words' | 'usage'>, words: readonly string[]): void {
  const [least, most] = command.words
  const use = `usage: wiregrade ${command.name} ${command.usage}`.trimEnd()
  if (words.length < least) throw new UsageError(`${command.name}: too little is given; ${use}`)
  if (words.length > most) throw new UsageError(`${command.name}: '${words[most]}' is too much; ${use}`)
}

function given(command: Pick<Command, 'name'>, words: readonly string[], values: Map<string, string[]>): Given {
  const text = (name: string): string | undefined => values.get(name)?.at(-1)
  return {
    words,
    has: name => values.has(name),
    text,
    all: name => values.get(name) ?? [],
    count(name, { least, most }) {
      const typed = text(name)
      if (typed === undefined) return undefined
      const value = /^\d{1,15}$/.test(typed) ? Number(typed) : Number.NaN
      if (value >= least && value <= most) return value
      throw new UsageError(`${command.name}: --${name} is a whole number from ${least} to ${most}, not '${typed}'`)
    },
    choice(name, choices) {
      const typed = text(name)
      if (typed === undefined) return undefined
      const choice = choices.find(each => each === typed)
      if (choice !== undefined) return choice
      const meant = didYouMean(typed, choices)
      throw new UsageError(`${command.name}: --${name} is ${choices.join(' or ')}, not '${typed}'${meant}`)
    },
  }
}

/** `name: value` or `name=value` of a header option. */
export function headerField(typed: string): readonly [name: string, value: string] {
  const match = /^(:?[^:=\s]+)\s*[:=]\s*(.*)$/s.exec(typed)
  const [, name, value] = match ?? []
  if (name === undefined || value === undefined) {
    throw new UsageError(`grade: --header is name:value, not '${typed}'`)
  }
  // RFC 9113 §8.2: names go out in lower case.
  return [name.toLowerCase(), value.trim()]
}
