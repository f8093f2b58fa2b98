import type { CampaignEvent } from '../fuzz/campaign/folder.ts'
import { type Markup, markup } from '../report/markup.ts'
import { clock } from './duration.ts'
import { number } from './fuzz-screen.ts'

/** A figure of a campaign at a time. */
interface Point {
  /** Time spent by all sessions until then, in ms. */
  readonly at: number
  readonly value: number
}

/** What a log says of a figure: its growth, when something was found, and the time in all. */
interface Growth {
  readonly points: readonly Point[]
  readonly finds: readonly number[]
  readonly end: number
}

/** How code and corpus grew: the time between sessions is left out, finds are upright lines. */
export function growthPart(events: readonly CampaignEvent[]): Markup {
  return markup`<section aria-labelledby="growth"><h2 id="growth">Growth</h2>
<div class="growths">${firstChart(events)}${chart('Inputs kept', growthOf(events, 'corpus'))}</div></section>`
}

/** Code, where somebody watches it, else the states that a server shows. */
function firstChart(events: readonly CampaignEvent[]): Markup {
  const states = growthOf(events, 'states')
  const blocks = growthOf(events, 'blocks')
  const isBlind = blocks.points.at(-1)?.value === 0 && states.points.length > 1
  return isBlind ? chart('States and what led to them', states) : chart('Blocks of code entered', blocks)
}

function growthOf(events: readonly CampaignEvent[], figure: 'blocks' | 'corpus' | 'states'): Growth {
  const points: Point[] = [{ at: 0, value: 0 }]
  const finds: number[] = []
  let [before, last, began] = [0, 0, 0]
  for (const event of events) {
    if (event.event === 'begin') [before, last, began] = [before + last, 0, event.at]
    if (event.event === 'find') finds.push(before + event.at - began)
    if (event.event !== 'status' && event.event !== 'end') continue
    last = Number(event['elapsed']) || 0
    // A session that has just begun has not entered again what others had: that is no loss.
    points.push({ at: before + last, value: Math.max(points.at(-1)?.value ?? 0, Number(event[figure]) || 0) })
  }
  return { points, finds, end: Math.max(1, before + last) }
}

/** The picture is stretched to whatever room there is; words stand beside it, and keep their size. */
function chart(name: string, { points, finds, end }: Growth): Markup {
  const most = points.at(-1)?.value ?? 0
  const x = (at: number): string => ((1000 * Math.min(at, end)) / end).toFixed(1)
  const path = points.map(({ at, value }, i) => {
    const y = (100 - (96 * value) / Math.max(1, most)).toFixed(1)
    // What is counted stays until more is counted.
    return i === 0 ? `M${x(at)} ${y}` : `H${x(at)}V${y}`
  })
  const line = path.join('')
  const marks = finds.map(at => markup`<path class="found" d="M${x(at)} 0V100"><title>a find</title></path>`)
  return markup`<figure class="growth"><figcaption>${name} <b>${most > 0 ? number(most) : 'not seen'}</b></figcaption>
<svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="${name} over time: ${number(most)} at the end"><path class="under" d="${line}V100H0Z"/>${marks}<path class="grown" d="${line}"/></svg>
<div class="axis"><span>0</span><span>${clock(end)}</span></div></figure>`
}
