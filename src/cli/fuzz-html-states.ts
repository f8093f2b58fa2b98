import type { StateEdge, StateGraph } from '../fuzz/campaign/state-graph.ts'
import { type Markup, markup } from '../report/markup.ts'
import { count, shorten } from '../report/visible.ts'
import { number } from './fuzz-screen.ts'

/** The most states and ways that are drawn. */
const STATES = 40
const WAYS = 120
const HEIGHT = 28
const GAP = 22
const LETTER = 7.4

/** The states in layers, by how many answers it takes to come to them; the more often a way was taken, the wider it is. */
export function statesPart(graph: StateGraph): Markup | false {
  if (graph.nodes.length === 0) return false
  const { boxes, width, height, drawn } = placed(graph)
  const ways = [...graph.edges]
    .filter(({ from, to }) => boxes.has(from) && boxes.has(to))
    .sort((a, b) => b.count - a.count)
  const shown = ways.slice(0, WAYS)
  const most = Math.max(1, ...shown.map(way => way.count))
  const left = graph.nodes.length - drawn
  return markup`<section aria-labelledby="states"><h2 id="states">States</h2>
<p class="dim">${count(graph.nodes.length, 'state')} as answers tell them, ${count(graph.edges.length, 'way')} between them; the wider, the more often.${left > 0 && ` ${left} states that were seldom seen are left out.`}${shown.length < graph.edges.length && ` Drawn are ${shown.length} ways.`}</p>
<div class="states" tabindex="0" role="group" aria-label="Graph of states"><svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${drawn} states"><defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 1L8 4L0 7Z"/></marker></defs>
${shown.map(way => wayPart(boxes, way, most))}${[...boxes.values()].map(boxPart)}</svg></div>
<details><summary>How often each way was taken</summary><table class="ways"><tbody>${shown.map(
    way =>
      markup`<tr><td>${labelOf(boxes, way.from)}</td><td>${labelOf(boxes, way.to)}</td><td class="n">${number(way.count)}</td></tr>`,
  )}</tbody></table></details></section>`
}

interface Box {
  readonly label: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly layer: number
}

type Boxes = ReadonlyMap<string, Box>

function labelOf(boxes: Boxes, id: string): string {
  return boxes.get(id)?.label ?? ''
}

function placed({ nodes, edges }: StateGraph) {
  const weight = new Map<string, number>()
  for (const { from, to, count: times } of edges)
    for (const id of [from, to]) weight.set(id, (weight.get(id) ?? 0) + times)
  const [first, ...others] = nodes
  const often = others.sort((a, b) => (weight.get(b.id) ?? 0) - (weight.get(a.id) ?? 0))
  const kept = new Map([...(first ? [first] : []), ...often].slice(0, STATES).map(node => [node.id, node]))
  const layers = layersOf([...kept.keys()], edges)
  const boxes = new Map<string, Box>()
  const most = Math.max(...layers.map(({ length }) => length))
  const height = 56 + most * (HEIGHT + GAP)
  let x = 28
  for (const [layer, ids] of layers.entries()) {
    const labels = ids.map(id => shorten(kept.get(id)?.label ?? id, 26))
    const width = Math.round(Math.max(...labels.map(label => label.length)) * LETTER + 20)
    for (const [i, id] of ids.entries())
      boxes.set(id, { label: labels[i] ?? id, x, y: 36 + (i + (most - ids.length) / 2) * (HEIGHT + GAP), width, layer })
    x += width + 84
  }
  return { boxes, width: x - 44, height, drawn: kept.size }
}

/** By how many steps a state is from the first; those that nothing leads to stand at the beginning. */
function layersOf(ids: readonly string[], edges: readonly StateEdge[]): string[][] {
  const wanted = new Set(ids)
  const layers: string[][] = []
  let layer = ids.slice(0, 1)
  while (wanted.size > 0) {
    if (layer.length === 0) layer = [...wanted].slice(0, 1)
    for (const id of layer) wanted.delete(id)
    layers.push(layer)
    const next = new Set<string>()
    for (const { from, to } of edges) if (layer.includes(from) && wanted.has(to)) next.add(to)
    layer = [...next]
  }
  return layers
}

function wayPart(boxes: Boxes, { from, to, count: times }: StateEdge, most: number): Markup | false {
  const [a, b] = [boxes.get(from), boxes.get(to)]
  if (!a || !b) return false
  const stroke = (1 + (3 * Math.log1p(times)) / Math.log1p(most)).toFixed(1)
  return markup`<path class="way${a.layer >= b.layer && ' back'}" d="${curve(a, b)}" stroke-width="${stroke}" marker-end="url(#arrow)"><title>${a.label} → ${b.label}: ${number(times)}</title></path>`
}

/** Forward from side to side; back, beside each other and to itself in a bow over the boxes. */
function curve(a: Box, b: Box): string {
  const [ay, by] = [a.y + HEIGHT / 2, b.y + HEIGHT / 2]
  if (a === b) return `M${a.x + 8} ${a.y}C${a.x + 2} ${a.y - 20} ${a.x + 34} ${a.y - 20} ${a.x + 26} ${a.y - 1}`
  if (b.layer > a.layer) {
    const [start, end] = [a.x + a.width, b.x - 1]
    const bend = Math.max(30, (end - start) / 2)
    return `M${start} ${ay}C${start + bend} ${ay} ${end - bend} ${by} ${end} ${by}`
  }
  if (b.layer === a.layer) {
    const side = a.x + a.width
    return `M${side} ${ay}C${side + 40} ${ay} ${side + 40} ${by} ${b.x + b.width + 1} ${by}`
  }
  const [start, end] = [a.x + a.width / 2, b.x + b.width / 2]
  const low = Math.max(a.y, b.y) + HEIGHT + 18
  return `M${start} ${a.y + HEIGHT}C${start} ${low + 12} ${end} ${low + 12} ${end} ${b.y + HEIGHT + 1}`
}

function boxPart({ label, x, y, width }: Box): Markup {
  return markup`<g class="state"><rect x="${x}" y="${y}" width="${width}" height="${HEIGHT}" rx="5"/><text x="${x + width / 2}" y="${y + 18}" text-anchor="middle">${label}</text></g>`
}
