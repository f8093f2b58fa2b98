import { looksLikeSeconds, secondsFromText } from './duration.ts'
import { type Entry, entriesOf, LineError } from './master-entries.ts'
import type { ResourceRecord } from './message.ts'
import { CLASS, classes, TYPE, types } from './mnemonics.ts'
import type { Name } from './name.ts'
import { nameFromText } from './rdata/field.ts'
import type { Soa } from './rdata/rfc1035.ts'
import { rdataFromText, rdataText } from './rdata.ts'
import { TextError, Tokens } from './tokens.ts'

/** Files inside files inside files: more are a mistake. */
const MAX_DEPTH = 8

/** What was wrong with a master file, and where: `zones/example.zone:12: ...`. */
export class MasterFileError extends TextError {
  override readonly name = 'MasterFileError'
  readonly file: string
  /** From 1. */
  readonly line: number
  /** The message without file and line. */
  readonly reason: string

  constructor(file: string, line: number, reason: string) {
    super(`${file}:${line}: ${reason}`)
    this.file = file
    this.line = line
    this.reason = reason
  }
}

export interface MasterFileOptions {
  /** What the text is called in errors, and what included paths are relative to. */
  readonly file: string
  /** What names are relative to until `$ORIGIN` says otherwise; the root unless given. */
  readonly origin?: Name
  /** The text of an included file, by its path from the folder of the first one; without it `$INCLUDE` is an error. */
  readonly include?: (path: string) => string
}

/** What entries before this one have said. */
interface State {
  origin: Name
  owner: Name | undefined
  class: number
  /** Of `$TTL`. RFC 2308 §4 */
  defaultTtl: number | undefined
  lastTtl: number | undefined
}

interface File {
  readonly name: string
  readonly include: MasterFileOptions['include']
  /** It and the files that include it. */
  readonly within: readonly string[]
}

/**
 * The records of a master file, in order. Throws `MasterFileError` that says where and why. `$ORIGIN`, `$TTL` and
 * `$INCLUDE` are understood, `$GENERATE` is not. RFC 1035 §5, RFC 2308 §4, RFC 3597 §5
 */
export function parseMasterFile(text: string, { file, origin = '.', include }: MasterFileOptions): ResourceRecord[] {
  const records: ResourceRecord[] = []
  const state = { origin, owner: undefined, class: CLASS.IN, defaultTtl: undefined, lastTtl: undefined }
  readFile(text, { name: file, include, within: [file] }, state, records)
  return records
}

function readFile(text: string, file: File, state: State, records: ResourceRecord[]): void {
  let line = 1
  try {
    for (const entry of entriesOf(text)) {
      line = entry.line
      const record = readEntry(entry, file, state, records)
      if (record !== undefined) records.push(record)
    }
  } catch (error) {
    // What is wrong inside an included file has its own place.
    if (error instanceof MasterFileError || !(error instanceof TextError)) throw error
    throw new MasterFileError(file.name, error instanceof LineError ? error.line : line, error.message)
  }
}

function readEntry(entry: Entry, file: File, state: State, records: ResourceRecord[]): ResourceRecord | undefined {
  const [first] = entry.tokens
  const tokens = new Tokens(entry.tokens, state.origin)
  if (!first || first.quoted || !first.text.startsWith('$')) return readRecord(entry, tokens, state)
  tokens.next('a directive')
  switch (first.text.toUpperCase()) {
    case '$ORIGIN':
      state.origin = nameFromText(tokens.next('a name').text, state.origin)
      break
    case '$TTL':
      state.defaultTtl = secondsFromText(tokens.next('a time').text)
      break
    case '$INCLUDE':
      readIncluded(tokens, file, state, records)
      break
    case '$GENERATE':
      throw new TextError('$GENERATE is not understood here: write the records out')
    default:
      throw new TextError(`${first.text} is no directive: $ORIGIN, $TTL and $INCLUDE are`)
  }
  tokens.end()
  return undefined
}

/** Origin and owner of an included file do not last beyond it; what `$TTL` says does. RFC 1035 §5.1 */
function readIncluded(tokens: Tokens, file: File, state: State, records: ResourceRecord[]): void {
  const path = includedPath(tokens.next('the path of a file').text)
  const origin = tokens.more ? nameFromText(tokens.next('a name').text, state.origin) : state.origin
  if (file.include === undefined) throw new TextError('$INCLUDE is not allowed here')
  if (file.within.includes(path)) throw new TextError(`'${path}' includes itself`)
  if (file.within.length > MAX_DEPTH) throw new TextError(`files include files more than ${MAX_DEPTH} deep`)
  let text: string
  try {
    text = file.include(path)
  } catch (error) {
    throw new TextError(`'${path}' cannot be included: ${error instanceof Error ? error.message : error}`)
  }
  const before = { origin: state.origin, owner: state.owner }
  state.origin = origin
  readFile(text, { name: path, include: file.include, within: [...file.within, path] }, state, records)
  Object.assign(state, before)
}

/**
 * The path of an included file, if it leads nowhere but into the folder that it counts from; otherwise throws
 * `TextError`. Symbolic links are for the one who reads the file.
 */
export function includedPath(path: string): string {
  if (path === '') throw new TextError('the path of a file is missing')
  if (/^([\\/]|[A-Za-z]:)/.test(path))
    throw new TextError(`'${path}' is absolute, and only files beside this one are read`)
  const steps = path.split(/[\\/]/)
  if (steps.includes('..')) throw new TextError(`'${path}' leads out of the folder, and only files in it are read`)
  if (path.includes('\0')) throw new TextError('a path has a zero octet in it')
  return steps.filter(step => step !== '' && step !== '.').join('/')
}

function readRecord(entry: Entry, tokens: Tokens, state: State): ResourceRecord {
  if (!entry.indented) state.owner = nameFromText(tokens.next('an owner').text, state.origin)
  if (state.owner === undefined) throw new TextError('the first record has no owner')
  const { ttl, type } = readHead(tokens, state)
  const data = rdataFromText(type, state.class, tokens)
  if (ttl !== undefined) state.lastTtl = ttl
  // Servers agree that an SOA record without a TTL has its own minimum.
  else if (type === TYPE.SOA && !(data instanceof Uint8Array)) state.lastTtl ??= (data as Soa).minimum
  return { name: state.owner, type, class: state.class, ttl: ttl ?? defaultTtl(state), data }
}

/** TTL and class, each of which may be missing and either of which may come first, and the type. RFC 1035 §5.1 */
function readHead(tokens: Tokens, state: State): { readonly ttl: number | undefined; readonly type: number } {
  let ttl: number | undefined
  let classSeen = false
  for (;;) {
    const { text } = tokens.next('a type')
    if (ttl === undefined && looksLikeSeconds(text)) {
      ttl = secondsFromText(text)
      continue
    }
    const type = types.number(text)
    const klass = classes.number(text)
    // ANY is a class and a type, of which neither stands in a master file.
    if (klass !== undefined && !classSeen) {
      state.class = klass
      classSeen = true
    } else if (type === undefined) throw new TextError(`'${text}' is no type`)
    else return { ttl, type }
  }
}

/** RFC 2308 §4, RFC 1035 §5.1 */
function defaultTtl({ defaultTtl, lastTtl }: State): number {
  const ttl = defaultTtl ?? lastTtl
  if (ttl === undefined) throw new TextError('the first record has no TTL, and there is no $TTL before it')
  return ttl
}

/** A record as a line of a master file, without its end. */
export function recordText({ name, type, class: klass, ttl, data }: ResourceRecord): string {
  return `${name} ${ttl} ${classes.text(klass)} ${types.text(type)} ${rdataText(type, klass, data)}`.trimEnd()
}

/** The record of a line like `www 3600 IN A 192.0.2.1`. Without a TTL it is 0, without a class IN. Throws `TextError`. */
export function recordFromText(line: string, origin: Name = '.'): ResourceRecord {
  const [entry, ...more] = entriesOf(line)
  if (entry === undefined || more.length > 0) throw new TextError('one record belongs here')
  if (entry.indented) throw new TextError('the record has no owner')
  const state = { origin, owner: undefined, class: CLASS.IN, defaultTtl: 0, lastTtl: undefined }
  return readRecord(entry, new Tokens(entry.tokens, origin), state)
}
