import { relative } from 'node:path'
import type { CampaignEvent, KeptFind } from '../fuzz/campaign/folder.ts'
import { type Markup, markup, trusted } from '../report/markup.ts'
import { toHex } from '../wire/hex.ts'
import { clock } from './duration.ts'
import { number } from './fuzz-screen.ts'

/** What a page tells of a campaign. */
export interface CampaignPage {
  readonly target: string
  readonly runs: number
  readonly elapsed: number
  readonly sessions: number
  readonly corpus: number
  readonly events: readonly CampaignEvent[]
  readonly finds: readonly KeptFind[]
}

const STYLE = `
:root { color-scheme: light dark; --ground: #fbfbfa; --ink: #1b1d20; --dim: #5d636d; --rule: #e5e5e1; --line: #1f56b5; --find: #c02626; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #101214; --ink: #e3e5e8; --dim: #979ea9; --rule: #292d32; --line: #8ab2f5; --find: #ff7d75; }
}
body { margin: 0 auto; padding: 24px; max-width: 960px; background: var(--ground); color: var(--ink); font: 14px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 24px; line-height: 1.2; } h2 { font-size: 17px; margin: 40px 0 8px; }
dl { display: flex; flex-wrap: wrap; gap: 8px 32px; } dt { color: var(--dim); } dd { margin: 0; font-size: 18px; font-variant-numeric: tabular-nums; }
svg { width: 100%; height: auto; } svg path { fill: none; stroke: var(--line); stroke-width: 2; } svg line { stroke: var(--rule); }
svg circle { fill: var(--find); } svg text { fill: var(--dim); font: 12px system-ui, sans-serif; }
pre { overflow-x: auto; padding: 12px; border: 1px solid var(--rule); font-size: 12px; }
article { border-top: 1px solid var(--rule); padding: 12px 0; } article h3 { margin: 0; color: var(--find); font-size: 15px; }`

const KINDS = { crash: 'Crash', law: 'Law', hang: 'Hang', slow: 'Slow', memory: 'Memory', disagreement: 'Disagreement' }

/** One file that needs nothing else: figures, pictures of how code and corpus grew, each find with how to have it again. */
export function campaignHtml(page: CampaignPage): string {
  const { target, runs, elapsed, sessions, corpus, events, finds } = page
  const blocks = events.reduce((most, event) => Math.max(most, Number(event['blocks']) || 0), 0)
  const figures: [string, string][] = [
    ['Runs', number(runs)],
    ['Time', clock(elapsed)],
    ['Sessions', number(sessions)],
    ['Inputs kept', number(corpus)],
    ['Blocks entered', blocks > 0 ? number(blocks) : 'not seen'],
    ['Finds', number(finds.length)],
  ]
  const body = markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>wiregrade fuzz: ${target}</title><style>${trusted(STYLE)}</style></head><body>
<h1>${target}</h1>
<dl>${figures.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<h2>Blocks of code entered</h2>${chart(events, 'blocks')}
<h2>Inputs kept</h2>${chart(events, 'corpus')}
<h2>Finds</h2>${finds.length === 0 ? markup`<p>Nothing was found.</p>` : finds.map(findPart)}
</body></html>
`
  return body.html
}

interface Point {
  /** Time spent by all sessions until then, in ms. */
  readonly at: number
  readonly value: number
}

/** A figure over the time that sessions took, those between them left out; finds as dots. */
function chart(events: readonly CampaignEvent[], figure: 'blocks' | 'corpus'): Markup {
  const points: Point[] = [{ at: 0, value: 0 }]
  const found: number[] = []
  let [before, last, began] = [0, 0, 0]
  for (const event of events) {
    if (event.event === 'begin') [before, last, began] = [before + last, 0, event.at]
    if (event.event === 'find') found.push(before + event.at - began)
    if (event.event !== 'status' && event.event !== 'end') continue
    last = Number(event['elapsed']) || 0
    // A session that has just begun has not entered again what others had: that is no loss.
    points.push({ at: before + last, value: Math.max(points.at(-1)?.value ?? 0, Number(event[figure]) || 0) })
  }
  const end = Math.max(1, before + last)
  const most = Math.max(1, ...points.map(({ value }) => value))
  const [x, y] = [(at: number) => 60 + (840 * at) / end, (value: number) => 180 - (160 * value) / most]
  const path = points.map(({ at, value }, i) => `${i === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`)
  return markup`<svg viewBox="0 0 920 210" role="img" aria-label="${figure} over time, ${number(most)} at the end">
<line x1="60" x2="900" y1="180" y2="180"/><line x1="60" x2="900" y1="20" y2="20"/>
<text x="52" y="24" text-anchor="end">${number(most)}</text><text x="52" y="184" text-anchor="end">0</text>
<text x="60" y="202">0</text><text x="900" y="202" text-anchor="end">${clock(end)}</text>
<path d="${path.join('')}"/>${found.map(at => markup`<circle cx="${x(Math.min(at, end)).toFixed(1)}" cy="180" r="4"><title>a find</title></circle>`)}</svg>`
}

function findPart({ kind, title, stack, replay, input, minimal = input, path, found }: KeptFind): Markup {
  const again = replay === undefined ? 'not looked at yet' : `came again ${replay.again} of ${replay.times} times`
  return markup`<article><h3>${KINDS[kind]}: ${title}</h3>
<p>${minimal.length} octets; ${again}; found ${found}</p>
<pre>wiregrade fuzz replay ${relative('', path)}</pre>
<pre>${toHex(minimal.subarray(0, 1024), ' ')}${minimal.length > 1024 ? ' …' : ''}</pre>${stack !== undefined && markup`<pre>${trusted(lines(stack))}</pre>`}</article>`
}

/** Line ends are kept, each line is text. */
function lines(stack: string): string {
  return stack
    .split('\n')
    .map(line => markup`${line}`.html)
    .join('\n')
}
