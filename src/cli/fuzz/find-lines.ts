import { basename, dirname, join, relative } from 'node:path'
import { type KeptFind, stands } from '../../fuzz/campaign/folder.ts'
import { areSimilar, placeOf, similarGroups } from '../../fuzz/similar.ts'
import { clip } from '../../report/columns.ts'
import { visible } from '../../report/visible.ts'
import type { Given } from '../options.ts'
import { out } from '../terminal.ts'
import { keepAsRegression } from './regressions.ts'

/** What stays on the screen of a find; `like`: how many similar ones there are with it. */
export function findLines(find: KeptFind, like = 1): string[] {
  const { replay, minimal, input } = find
  const size = minimal ? `${input.length} octets, ${minimal.length} at least` : `${input.length} octets`
  return [
    ...headLines(find, like),
    ...(replay?.said ?? find.said ?? []).map(line => clip(`  ${visible(line)}`, out.width)),
    `  ${size}; ${stability(find)}`,
    `  wiregrade fuzz replay ${relative('', find.path)}`,
  ]
}

/** How surely a find comes again. */
export function stability({ replay, certain }: Pick<KeptFind, 'replay' | 'certain'>): string {
  if (replay === undefined) return 'not looked at yet'
  const { again, times, sessions = 1 } = replay
  if (again === 0) return `did not come again${certain ? ', but was no accident' : ''}`
  return `came again ${again} of ${times} times${sessions > 1 ? `, by ${sessions} sessions` : ''}`
}

/** All finds, those that are similar under one heading. */
export function groupLines(finds: readonly KeptFind[]): string[][] {
  return similarGroups(finds).map(([first, ...others]) => [
    ...findLines(first, others.length + 1),
    ...(others.length > 0 ? ['  like it:'] : []),
    ...others.map(find => clip(`    ${shelfOf(find)}  ${whereLine(find)}`, out.width)),
  ])
}

/** What is said of finds as they come: of one that is like another before it, one short line. */
export class FindNews {
  readonly #first: KeptFind[] = []
  readonly #given: Given

  constructor(given: Given) {
    this.#given = given
  }

  /** Told when it is found, and when it has been looked at; undefined where there is nothing to say. It is kept as a regression. */
  of(find: KeptFind, campaign: string): string | undefined {
    const { id, target, replay } = find
    const kept = keepAsRegression(find, campaign, this.#given)
    const at = this.#first.findIndex(one => one.id === id && one.target === target)
    const like = this.#first.find(one => one.target === target && areSimilar(one, find))
    if (at < 0 && like) return replay ? undefined : likeLine(find, like)
    if (at < 0) this.#first.push(find)
    // What does not stand does not stand for others.
    else if (!stands(find)) this.#first.splice(at, 1)
    return [...(replay ? findLines(find) : headLines(find)), ...kept].join('\n')
  }
}

function headLines(find: KeptFind, like = 1): string[] {
  const many = like > 1 ? `  (${like} alike)` : ''
  const where = whereLine(find)
  return [
    clip(`${out.paint('red', find.kind)}  ${visible(find.title)}`, out.width - many.length) + many,
    ...(where === '' ? [] : [clip(`  at ${where}`, out.width)]),
  ]
}

function likeLine(find: KeptFind, like: KeptFind): string {
  const tail = ` (like ${like.id})`
  return clip(`${out.paint('red', find.kind)}  at ${whereLine(find)}`, out.width - tail.length) + tail
}

/** `name.decode (dns-packet/index.js:118)`; empty where nothing was thrown. */
function whereLine(find: KeptFind): string {
  const place = placeOf(find)
  return place === undefined ? '' : visible(`${place.name} (${place.file}:${place.line})`)
}

/** `crashes/0123456789abcdef`: where it lies in its campaign. */
function shelfOf({ path }: KeptFind): string {
  return join(basename(dirname(path)), basename(path))
}
