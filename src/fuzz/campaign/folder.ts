import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { toHex } from '../../wire/hex.ts'
import type { Find, FindKind } from '../target.ts'
import type { TargetSpec } from './job.ts'
import { filesIn, isPart, place, placeFolder, sweep } from './whole-file.ts'

/** Beside a find: the sessions before it and with it, in hex, one a line. */
const BEFORE = 'before.hex'
/** Beside a find: a program that does the same; those for smaller inputs say in their names how small. */
const SCRIPT = 'replay.mjs'

/** Where finds of each kind lie. */
export const SHELVES: Readonly<Record<FindKind, string>> = {
  crash: 'crashes',
  law: 'crashes',
  hang: 'hangs',
  slow: 'slow',
  memory: 'memory',
  disagreement: 'disagreements',
}

/** A campaign that cannot be opened; the message says why. */
export class CampaignError extends Error {
  override readonly name = 'CampaignError'
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
  EDQUOT: 'no space is left',
  ENOTDIR: 'a file stands where a folder is wanted',
  EEXIST: 'a file stands where a folder is wanted',
  ENOENT: 'it is not there, or cannot be made',
}

/** What to throw when a folder fails: a `CampaignError` in words for a user where it is the disk's fault. */
export function unusable(path: string, error: unknown): unknown {
  const reason = REASONS[(error as NodeJS.ErrnoException | undefined)?.code ?? '']
  if (reason === undefined) return error
  return new CampaignError(`the folder ${path === '' ? "''" : path} cannot be used: ${reason}`)
}

/** What `campaign.json` holds: all that it takes to go on. */
export interface CampaignFile extends TargetSpec {
  readonly format: 1
  /** When it was begun, ISO 8601. */
  readonly made: string
  /** The version of wiregrade that began it. */
  readonly version: string
}

/** A find as it lies on its shelf, in a folder with `find.json`, `input`, and later `minimal` and `replay.json`. */
export interface KeptFind extends Find, TargetSpec {
  /** The name of its folder: what is left of its signature when hashed. */
  readonly id: string
  /** ISO 8601. */
  readonly found: string
  readonly path: string
  readonly input: Uint8Array
  /** The smallest input that does the same, once somebody has looked for it. */
  readonly minimal?: Uint8Array | undefined
  readonly replay?: Replay | undefined
}

/** How often it came again on a fresh target. */
export interface Replay {
  readonly again: number
  readonly times: number
  /** How many sessions with a server it takes; one unless said. */
  readonly sessions?: number | undefined
  /** What each of several subjects says of the smallest input. */
  readonly said?: readonly string[] | undefined
}

/** Whether a find is one to act upon: it came again, nobody has tried it again yet, or it cannot have been an accident. */
export function stands({ replay, certain }: Pick<KeptFind, 'replay' | 'certain'>): boolean {
  return replay?.again !== 0 || certain === true
}

/** One line of the log of events. */
export interface CampaignEvent {
  /** ms since 1970. */
  readonly at: number
  readonly event: string
  readonly [detail: string]: unknown
}

export function hashOf(octets: Uint8Array | string): string {
  return createHash('sha256').update(octets).digest('hex').slice(0, 32)
}

/** The folder of a campaign. Whoever is killed in the middle of anything leaves it whole; two may share it. */
export class CampaignFolder {
  readonly path: string
  readonly file: CampaignFile
  readonly #known = new Set<string>()

  private constructor(path: string, file: CampaignFile) {
    this.path = path
    this.file = file
  }

  /** Opens a folder, or makes it. Throws `CampaignError` where it is another target's, or no campaign. */
  static open(path: string, begin: Omit<CampaignFile, 'format' | 'made'>, now: number): CampaignFolder {
    try {
      return CampaignFolder.#made(path, begin, now)
    } catch (error) {
      throw unusable(path, error)
    }
  }

  static #made(path: string, begin: Omit<CampaignFile, 'format' | 'made'>, now: number): CampaignFolder {
    const file: CampaignFile = { format: 1, ...begin, made: new Date(now).toISOString() }
    mkdirSync(path, { recursive: true })
    const inside = readdirSync(path).filter(name => !isPart(name))
    if (inside.length > 0 && !inside.includes('campaign.json')) {
      throw new CampaignError(`${path} holds something, and no campaign`)
    }
    place(join(path, 'campaign.json'), `${JSON.stringify(file, undefined, 2)}\n`)
    const folder = CampaignFolder.at(path)
    if (folder.file.target !== begin.target) {
      throw new CampaignError(`${path} is a campaign on ${folder.file.target}, not on ${begin.target}`)
    }
    const [told, asked] = [folder.file.settings, begin.settings].map(settings => toldAs(settings))
    if (told !== asked) throw new CampaignError(`${path} was begun ${told || 'without options'}, not ${asked || 'so'}`)
    for (const name of ['', 'corpus', ...Object.values(SHELVES)]) {
      mkdirSync(join(path, name), { recursive: true })
      sweep(join(path, name), now)
    }
    return folder
  }

  /** Opens a folder that is there. Throws `CampaignError`. */
  static at(path: string): CampaignFolder {
    try {
      return new CampaignFolder(path, JSON.parse(readFileSync(join(path, 'campaign.json'), 'utf8')) as CampaignFile)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      const why = code === 'ENOENT' ? 'there is no campaign.json in it' : (REASONS[code ?? ''] ?? message)
      throw new CampaignError(`${path} is no campaign: ${why}`)
    }
  }

  /** Throws `CampaignError` when somebody has taken it away. */
  check(): void {
    CampaignFolder.at(this.path)
  }

  /** Keeps an input; whether it is new, to this process as to the folder. */
  addInput(octets: Uint8Array): boolean {
    const name = hashOf(octets)
    if (this.#known.has(name)) return false
    this.#known.add(name)
    return place(join(this.path, 'corpus', name), octets)
  }

  /** An input is in the folder by somebody else's hand. */
  know(octets: Uint8Array): void {
    this.#known.add(hashOf(octets))
  }

  /** Inputs that this process has not seen yet: all of them the first time, then those of others. */
  newInputs(): Uint8Array[] {
    const found: Uint8Array[] = []
    for (const name of filesIn(join(this.path, 'corpus'))) {
      if (this.#known.has(name)) continue
      this.#known.add(name)
      const octets = readIfThere(join(this.path, 'corpus', name))
      if (octets) found.push(octets)
    }
    return found
  }

  /** Sets inputs aside that show nothing of their own; they stay, in `pruned`. */
  setAside(inputs: readonly Uint8Array[]): void {
    mkdirSync(join(this.path, 'pruned'), { recursive: true })
    for (const octets of inputs) {
      const name = hashOf(octets)
      renameSync(join(this.path, 'corpus', name), join(this.path, 'pruned', name))
    }
  }

  /** How many inputs are in the folder, none of which is read. */
  get kept(): number {
    return filesIn(join(this.path, 'corpus')).length
  }

  /** How many inputs this process knows of. */
  get size(): number {
    return this.#known.size
  }

  /**
   * Keeps a find; undefined where there is one of its signature. `before`: the inputs up to and with this one, where it may
   * take several.
   */
  addFind(
    { also: _, ...find }: Find,
    input: Uint8Array,
    now: number,
    before: readonly Uint8Array[] = [],
  ): KeptFind | undefined {
    const id = hashOf(find.signature).slice(0, 16)
    const path = join(this.path, SHELVES[find.kind], id)
    const { target, allow, settings } = this.file
    const about = { id, target, allow, settings, found: new Date(now).toISOString(), ...find }
    const sessions = before.length > 1 ? { [BEFORE]: before.map(each => `${toHex(each)}\n`).join('') } : {}
    const put = !existsSync(path) && placeFolder(path, { 'find.json': json(about), input, ...sessions })
    return put ? { ...about, path, input } : undefined
  }

  /** Keeps that what would be a find is known to be none, with the first input that showed it. */
  addKnown(find: Find, input: Uint8Array): void {
    const { title, signature, said } = find
    const octets = toHex(input)
    mkdirSync(join(this.path, 'known'), { recursive: true })
    place(join(this.path, 'known', hashOf(signature).slice(0, 16)), json({ title, signature, said, octets }))
  }

  /** How many different ones are known. */
  get known(): number {
    return filesIn(join(this.path, 'known')).length
  }

  /** What somebody who looked at a find has come to. A smaller input than before is put beside it, and the program that does it. */
  addReplay(find: KeptFind, replay: Replay, minimal: Uint8Array, script?: string): void {
    const size = String(minimal.length).padStart(8, '0')
    place(join(find.path, `minimal-${size}-${hashOf(minimal).slice(0, 8)}`), minimal)
    place(join(find.path, 'replay.json'), json(replay))
    if (script === undefined || place(join(find.path, SCRIPT), script)) return
    // A smaller one than before.
    place(join(find.path, `replay-${size}-${hashOf(script).slice(0, 8)}.mjs`), script)
  }

  /** All finds of a kind, or of every kind. */
  finds(): KeptFind[] {
    const shelves = [...new Set(Object.values(SHELVES))]
    return shelves.flatMap(shelf =>
      filesIn(join(this.path, shelf)).flatMap(id => readFind(join(this.path, shelf, id)) ?? []),
    )
  }

  log(event: CampaignEvent): void {
    appendFileSync(join(this.path, 'events.jsonl'), `${JSON.stringify(event)}\n`)
  }

  /** Begins a new line, in case that somebody was killed within one. */
  begin(event: CampaignEvent): void {
    appendFileSync(join(this.path, 'events.jsonl'), `\n${JSON.stringify(event)}\n`)
  }

  events(): CampaignEvent[] {
    const text = readIfThere(join(this.path, 'events.jsonl'))
    return (text === undefined ? '' : Buffer.from(text).toString('utf8')).split('\n').flatMap(line => {
      try {
        return line === '' ? [] : [JSON.parse(line) as CampaignEvent]
      } catch {
        return []
      }
    })
  }
}

/** Reads a find from its folder; undefined where there is none. */
export function readFind(path: string): KeptFind | undefined {
  const about = readIfThere(join(path, 'find.json'))
  const input = readIfThere(join(path, 'input'))
  if (about === undefined || input === undefined) return undefined
  const smallest = filesIn(path)
    .filter(name => name.startsWith('minimal-'))
    .sort()[0]
  const minimal = smallest === undefined ? undefined : readIfThere(join(path, smallest))
  const replay = readIfThere(join(path, 'replay.json'))
  return {
    ...(JSON.parse(Buffer.from(about).toString('utf8')) as KeptFind),
    path,
    input,
    minimal,
    replay: replay && (JSON.parse(Buffer.from(replay).toString('utf8')) as Replay),
  }
}

/** The inputs up to and with the one of a find, oldest first, where they were kept. */
export function beforeFind({ path }: Pick<KeptFind, 'path'>): Uint8Array[] {
  const text = Buffer.from(readIfThere(join(path, BEFORE)) ?? []).toString('latin1')
  return text.split('\n').flatMap(line => (line === '' ? [] : [Uint8Array.from(Buffer.from(line, 'hex'))]))
}

/** The program that does the same as the smallest input of a find, where there is one. */
export function scriptOf({ path }: Pick<KeptFind, 'path'>): string | undefined {
  const all = filesIn(path).filter(name => /^replay-\d+-.*\.mjs$/.test(name))
  const octets = readIfThere(join(path, all.sort()[0] ?? SCRIPT))
  return octets && Buffer.from(octets).toString('utf8')
}

/** The campaign that a path lies in, if any. */
export function campaignAbove(path: string): string | undefined {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'campaign.json'))) return folder
    if (basename(folder) === '' || folder === dirname(folder)) return undefined
  }
}

/** Settings as they are typed. */
function toldAs(settings: CampaignFile['settings'] = {}): string {
  return Object.entries(settings)
    .sort()
    .map(([name, value]) => `--${name} ${value}`)
    .join(' ')
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(readFileSync(path))
  } catch {
    return undefined
  }
}
