import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where an input of the corpus comes from. */
export interface Origin {
  /** The name of its file in `corpus`. */
  readonly name: string
  /** The input that it was made of, as far as that was kept. */
  readonly parent?: string | undefined
  /** How it was made: `seed`, `replace`, `havoc`, ... */
  readonly by: string
  /** ms since 1970. */
  readonly at: number
  /** How many blocks no input of that worker had entered before. */
  readonly blocks: number
}

const FILE = 'lineage.jsonl'

/** Notes where an input comes from. A line begins anew, in case that somebody was killed within the one before. */
export function addOrigin(campaign: string, origin: Origin): void {
  appendFileSync(join(campaign, FILE), `\n${JSON.stringify(origin)}`)
}

/** What is known of where inputs come from, as it was noted; an input is told of once. Torn lines are left out. */
export function readLineage(campaign: string): Origin[] {
  const origins = new Map<string, Origin>()
  for (const line of textOf(join(campaign, FILE)).split('\n')) {
    const origin = line === '' ? undefined : originOf(line)
    if (origin && !origins.has(origin.name)) origins.set(origin.name, origin)
  }
  return [...origins.values()]
}

/** What a line says; undefined where it is torn, or something else. */
export function originOf(line: string): Origin | undefined {
  try {
    const { name, parent, by, at, blocks } = JSON.parse(line) as Partial<Origin>
    if (typeof name !== 'string' || typeof by !== 'string') return undefined
    return {
      name,
      parent: typeof parent === 'string' ? parent : undefined,
      by,
      at: Number(at) || 0,
      blocks: Number(blocks) || 0,
    }
  } catch {
    return undefined
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The octets of an input, by its name; those of inputs that were set aside too. */
export function octetsOf(campaign: string, name: string): Uint8Array | undefined {
  // A name may come from anywhere, and is no path.
  if (!/^[0-9a-f]+$/.test(name)) return undefined
  for (const folder of ['corpus', 'pruned']) {
    try {
      return readFileSync(join(campaign, folder, name))
    } catch {
      // It lies in the other, or was taken away.
    }
  }
  return undefined
}
