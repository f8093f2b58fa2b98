import type { CampaignEvent } from '../../../fuzz/campaign/folder.ts'
import { type Growth, growthOf } from '../../../fuzz/campaign/growth.ts'
import type { Origin } from '../../../fuzz/campaign/lineage.ts'
import { type Markup, markup } from '../../../report/markup.ts'
import { clock } from '../../duration.ts'
import { number } from '../screen.ts'

/** How code and corpus grew: finds are upright lines. */
export function growthPart(events: readonly CampaignEvent[], origins: readonly Origin[]): Markup {
  const [blocks, states] = [growthOf(events, origins, 'blocks'), growthOf(events, origins, 'states')]
  // Code, where somebody watches it, else what a server shows.
  const isBlind = mostOf(blocks) === 0 && mostOf(states) > 0
  return markup`<section aria-labelledby="growth"><h2 id="growth">Growth</h2>
<div class="growths">${isBlind ? chart('States and what led there', states) : chart('Blocks of code entered', blocks)}${chart('Inputs kept', growthOf(events, origins, 'corpus'))}</div></section>`
}

function mostOf({ points }: Growth): number {
  return points.at(-1)?.value ?? 0
}

/** The picture is stretched to whatever room there is; words stand beside it, and keep their size. */
function chart(name: string, growth: Growth): Markup {
  const { points, finds, end } = growth
  const most = mostOf(growth)
  const x = (at: number): string => ((1000 * at) / end).toFixed(1)
  const path = points.map(({ at, value }, i) => {
    const y = (100 - (96 * value) / Math.max(1, most)).toFixed(1)
    // What is counted stays until more is counted.
    return i === 0 ? `M${x(at)} ${y}` : `H${x(at)}V${y}`
  })
  const line = `${path.join('')}H1000`
  const marks = finds.map(at => markup`<path class="found" d="M${x(at)} 0V100"><title>a find</title></path>`)
  return markup`<figure class="growth"><figcaption>${name} <b>${most > 0 ? number(most) : 'not seen'}</b></figcaption>
<svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="${name} over time: ${number(most)} at the end"><path class="under" d="${line}V100H0Z"/>${marks}<path class="grown" d="${line}"/></svg>
<div class="axis"><span>0</span><span>${clock(end)}</span></div></figure>`
}
