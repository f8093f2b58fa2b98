import type { CampaignEvent } from './folder.ts'
import type { Origin } from './lineage.ts'

/** A figure of a campaign at a time. */
export interface Point {
  /** Time spent by all sessions until then, in ms: what was between them is left out. */
  readonly at: number
  readonly value: number
}

/** How a figure grew, when something was found, and the time in all. */
export interface Growth {
  readonly points: readonly Point[]
  readonly finds: readonly number[]
  readonly end: number
}

/** The most points that a picture has use for. */
const POINTS = 1000

/** How a figure grew as the log tells it every few seconds, and in between by what inputs brought. */
export function growthOf(
  events: readonly CampaignEvent[],
  origins: readonly Origin[],
  figure: 'blocks' | 'corpus' | 'states',
): Growth {
  const { place, end } = timelineOf(events)
  const told = toldOf(events, figure)
  // Where nobody counts it, inputs brought something else.
  const isCounted = told.some(({ value }) => value > 0)
  const brought = isCounted ? origins.map(({ at, blocks }) => ({ at, more: figure === 'corpus' ? 1 : blocks })) : []
  let value = 0
  const steps = [...told, ...brought]
    .sort((a, b) => a.at - b.at)
    .map(step => {
      value = 'more' in step ? value + step.more : step.value
      return { at: place(step.at), value }
    })
  // Two workers may have brought the same: it is never more than what is told next.
  let cap = Number.POSITIVE_INFINITY
  const points: Point[] = []
  for (const step of steps.reverse()) {
    cap = Math.min(cap, step.value)
    points.push({ at: step.at, value: cap })
  }
  const finds = events.flatMap(({ at, event }) => (event === 'find' ? [place(at)] : []))
  return { points: thinned([{ at: 0, value: 0 }, ...points.reverse()], end), finds, end }
}

/** A session that has just begun has not entered again what others had: that is no loss. */
function toldOf(events: readonly CampaignEvent[], figure: string): Point[] {
  let value = 0
  return events.flatMap(({ at, event, [figure]: now }) => {
    if ((event !== 'status' && event !== 'end') || now === undefined) return []
    value = Math.max(value, Number(now) || 0)
    return [{ at, value }]
  })
}

/** Where a moment is in the time that sessions took. */
function timelineOf(events: readonly CampaignEvent[]) {
  const sessions: { readonly began: number; readonly before: number; length: number }[] = []
  let end = 0
  for (const { at, event, elapsed } of events) {
    if (event === 'begin') sessions.push({ began: at, before: end, length: 0 })
    const session = sessions.at(-1)
    if (!session || (event !== 'status' && event !== 'end')) continue
    session.length = Number(elapsed) || 0
    end = session.before + session.length
  }
  const place = (at: number): number => {
    const session = sessions.findLast(({ began }) => began <= at)
    return session ? session.before + Math.min(at - session.began, session.length) : 0
  }
  return { place, end: Math.max(1, end) }
}

/** Of those that stand in the same place of a picture, the last. */
function thinned(points: readonly Point[], end: number): Point[] {
  const placeOf = ({ at }: Point): number => Math.round((POINTS * at) / end)
  return points.filter((point, i) => {
    const next = points[i + 1]
    return i === 0 || next === undefined || placeOf(next) !== placeOf(point)
  })
}
