import type { StateEdge, StateGraph } from '../../../fuzz/campaign/state-graph.ts'
import { type Markup, markup } from '../../../report/markup.ts'
import { count, shorten } from '../../../report/visible.ts'
import { number } from '../screen.ts'

/** The most states that are drawn, and ways out of each: the most frequent. */
const STATES = 40
const WAYS = 4
/** Letters of a label, how wide one is, and how much lower than its neighbour a state stands, in pixels. */
const LETTERS = 28
const LETTER = 7.3
const ROOM = 25
/** How much wider than high the ring is. */
const WIDER = 1.3

/** The states of a server around a ring, with the ways between them: the more often one was taken, the wider it is. */
export function statesPart(graph: StateGraph): Markup | false {
  if (graph.nodes.length === 0) return false
  const { spots, width, height, middle } = ringOf(graph)
  const ways = drawnWays(graph.edges, spots)
  const most = Math.max(1, ...ways.map(way => way.count))
  const left = graph.nodes.length - spots.size
  const hidden = graph.edges.length - ways.length
  return markup`<section aria-labelledby="states"><h2 id="states">States</h2>
<p class="dim">${count(graph.nodes.length, 'state')} as answers tell them, and which followed which; the wider, the more often.${left > 0 && ` ${number(left)} that were seldom seen are left out.`}${hidden > 0 && ` Drawn are the most frequent ways, ${number(hidden)} more are not.`} Touch a state: <span class="after">what followed it</span>, <span class="before">what came before</span>.</p>
<div class="states" tabindex="0" role="group" aria-label="Graph of states"><svg id="graph" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${count(spots.size, 'state')}">${ways.map(
    way => wayPart(way, spots, most, middle),
  )}${[...spots.values()].map(statePart)}</svg></div>
<details><summary>How often each way was taken</summary><table class="ways"><tbody>${ways.map(
    way =>
      markup`<tr><td>${spots.get(way.from)?.label}</td><td>${spots.get(way.to)?.label}</td><td class="n">${number(way.count)}</td></tr>`,
  )}</tbody></table></details></section>`
}

interface Spot {
  readonly place: number
  readonly label: string
  readonly x: number
  readonly y: number
  readonly radius: number
  /** Where it is on the ring, from the top. */
  readonly angle: number
}

type Point = readonly [x: number, y: number]

/** The states that were seen most, those that follow each other side by side. */
function ringOf({ nodes, edges }: StateGraph) {
  const seen = new Map<string, number>()
  for (const { to, count: times } of edges) seen.set(to, (seen.get(to) ?? 0) + times)
  const often = (id: string): number => seen.get(id) ?? Number.MAX_VALUE
  const kept = [...nodes].sort((a, b) => often(b.id) - often(a.id)).slice(0, STATES)
  const labels = kept.map(({ label }) => shorten(label, LETTERS))
  const half = Math.ceil(kept.length / 2)
  const ring = Math.max(80, (half * ROOM) / 2)
  const beside = Math.ceil(Math.max(...labels.map(({ length }) => length)) * LETTER) + 30
  const middle: Point = [WIDER * ring + beside, ring + 34]
  const spots = new Map<string, Spot>()
  const most = Math.log1p(Math.max(1, ...seen.values()))
  for (const [place, { id }] of kept.entries()) {
    // Down on the left and up on the right, each as much lower or higher than the last: so labels do not meet.
    const step = place < half ? place : kept.length - 1 - place
    const down = (2 * (step + 0.5)) / (place < half ? half : kept.length - half) - 1
    const angle = place < half ? -Math.acos(-down) : Math.acos(-down)
    const [x, y] = [round(middle[0] + WIDER * ring * Math.sin(angle)), round(middle[1] - ring * Math.cos(angle))]
    const radius = round(3 + (5 * Math.log1p(seen.get(id) ?? 0)) / most)
    spots.set(id, { place, label: labels[place] ?? id, x, y, radius, angle })
  }
  return { spots, width: round(2 * middle[0]), height: round(2 * middle[1]), middle }
}

/** The most frequent ways out of each state, and the most frequent one into each; that last which were taken most. */
function drawnWays(edges: readonly StateEdge[], spots: ReadonlyMap<string, Spot>): StateEdge[] {
  const outOf = new Map<string, number>()
  const into = new Set<string>()
  const often = [...edges].sort((a, b) => b.count - a.count)
  const drawn = often.filter(({ from, to }) => {
    const before = outOf.get(from) ?? 0
    if (!spots.has(from) || !spots.has(to) || (before >= WAYS && (into.has(to) || from === to))) return false
    outOf.set(from, before + 1)
    if (from !== to) into.add(to)
    return true
  })
  return drawn.reverse()
}

function wayPart(way: StateEdge, spots: ReadonlyMap<string, Spot>, most: number, middle: Point): Markup | false {
  const [a, b] = [spots.get(way.from), spots.get(way.to)]
  if (!a || !b) return false
  const share = Math.log1p(way.count) / Math.log1p(most)
  const d = a === b ? loop(a) : chord(a, b, middle)
  return markup`<path class="way" d="${d}" data-a="${a.place}" data-b="${b.place}" stroke-width="${round(0.6 + 3.4 * share)}" stroke-opacity="${round(0.1 + 0.6 * share * share)}"><title>${a.label} → ${b.label}: ${number(way.count)}</title></path>`
}

/** Through the inside of the ring; there and back are two lines, as each bends to its own side. */
function chord(a: Spot, b: Spot, [x, y]: Point): string {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const bend: Point = [(a.x + b.x) / 2, (a.y + b.y) / 2]
  const pull = 0.35
  return `M${a.x} ${a.y}Q${round(bend[0] + (x - bend[0]) * pull - dy * 0.1)} ${round(bend[1] + (y - bend[1]) * pull + dx * 0.1)} ${b.x} ${b.y}`
}

/** Out of the ring and back. */
function loop({ x, y, angle }: Spot): string {
  const at = (turn: number): string =>
    `${round(x + 24 * Math.sin(angle + turn))} ${round(y - 24 * Math.cos(angle + turn))}`
  return `M${x} ${y}C${at(-0.9)} ${at(0.9)} ${x} ${y}`
}

function statePart({ place, label, x, y, radius, angle }: Spot): Markup {
  const isLeft = Math.sin(angle) < 0
  return markup`<g class="state" data-n="${place}"><circle cx="${x}" cy="${y}" r="${radius}"/><text x="${isLeft ? x - 16 : x + 16}" y="${y + 4}" text-anchor="${isLeft ? 'end' : 'start'}">${label}</text></g>`
}

function round(number: number): number {
  return Math.round(number * 10) / 10
}
