import { type CampaignEvent, type KeptFind, stands } from '../../../fuzz/campaign/folder.ts'
import { readStates } from '../../../fuzz/campaign/state-graph.ts'
import { type Markup, markup } from '../../../report/markup.ts'
import { PAGE_STYLE } from '../../../report/page-style.ts'
import { wholePage } from '../../../report/whole-page.ts'
import { clock } from '../../duration.ts'
import { version } from '../../package.ts'
import { number } from '../screen.ts'
import { type Describe, findsPart } from './finds.ts'
import { growthPart } from './growth.ts'
import { CAMPAIGN_SCRIPT } from './script.ts'
import { sourcePart } from './source.ts'
import { statesPart } from './states.ts'
import { FUZZ_STYLE } from './style.ts'
import { type TreeData, treePart } from './tree.ts'

/** What a page tells of a campaign. */
export interface CampaignPage {
  /** The campaign's folder, where states and coverage lie. */
  readonly path: string
  readonly target: string
  readonly runs: number
  readonly elapsed: number
  readonly sessions: number
  readonly corpus: number
  readonly events: readonly CampaignEvent[]
  readonly finds: readonly KeptFind[]
  /** An input for people, where it is not only octets: a session, one line for each message. */
  readonly describe?: Describe
  readonly tree: TreeData
}

const STYLE = PAGE_STYLE + FUZZ_STYLE

/**
 * One file that needs nothing else: finds with how to have each again, how code and corpus grew, what inputs were made of,
 * the states of a server, the code with its covered lines. Whatever a target had a hand in is text.
 */
export function campaignHtml(page: CampaignPage): string {
  const { path, target, events, finds, tree } = page
  const body = markup`<main class="wide">
<p class="dim">wiregrade fuzz</p>
<h1>${target}</h1>
${numbers(page)}
${findsPart(finds, page.describe)}
${growthPart(events, tree.origins)}
${treePart(tree)}
${statesPart(readStates(path))}
${sourcePart(path)}
</main>
<footer class="wide foot"><p>wiregrade ${version}</p></footer>`
  return wholePage({ title: `${target} - wiregrade fuzz`, style: STYLE, body, script: CAMPAIGN_SCRIPT })
}

function numbers({ runs, elapsed, sessions, corpus, events, finds }: CampaignPage): Markup {
  const [blocks, states] = (['blocks', 'states'] as const).map(figure =>
    events.reduce((most, event) => Math.max(most, Number(event[figure]) || 0), 0),
  ) as [number, number]
  const figures: [string, string][] = [
    ['Runs', number(runs)],
    ['Time', clock(elapsed)],
    ['Sessions', number(sessions)],
    ['Inputs kept', number(corpus)],
    blocks > 0 || states === 0
      ? ['Blocks entered', blocks > 0 ? number(blocks) : 'not seen']
      : ['States and what led there', number(states)],
  ]
  // What does not stand is shown, but not counted.
  const found = finds.filter(stands).length
  return markup`<dl class="numbers"><div><dt>Finds</dt><dd${found > 0 && markup` class="bad"`}>${number(found)}</dd></div>${figures.map(
    ([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>`
}
