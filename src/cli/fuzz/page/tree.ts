import { type Family, familyOf } from '../../../fuzz/campaign/family.ts'
import type { Origin } from '../../../fuzz/campaign/lineage.ts'
import { type Markup, markup } from '../../../report/markup.ts'
import { count, duration } from '../../../report/visible.ts'
import { toHex } from '../../../wire/hex.ts'
import { number } from '../screen.ts'
import { type Spot, STEP, spotsOf } from './tree-places.ts'

/** What the tree of inputs is drawn from. */
export interface TreeData {
  readonly origins: readonly Origin[]
  /** What new inputs bring. */
  readonly unit: 'block' | 'state'
  /** The octets of an input, if they are there. */
  octetsOf(name: string): Uint8Array | undefined
}

/** The most inputs that are drawn, and octets of each that are shown. */
const DRAWN = 160
const SHOWN = 96

/** Ways of making inputs, by what they have in common: each has its colour. */
const WAYS: Readonly<Record<string, string>> = {
  seed: 'given',
  import: 'given',
  replace: 'compared',
  repair: 'compared',
  length: 'length',
  structure: 'structure',
  havoc: 'chance',
  chance: 'chance',
  trim: 'trim',
  octets: 'chance',
}

const ABOUT: Readonly<Record<string, string>> = {
  given: 'given: vectors, examples, what others found',
  compared: 'what the code compares with was put in, and what depends on it mended',
  length: 'a number that says a length was changed',
  structure: 'changed by what is known of the structure',
  chance: 'changed by chance',
  trim: 'made smaller or quicker',
  other: 'joined, lengthened, or in another way',
}

function wayOf(by: string): string {
  return WAYS[by] ?? 'other'
}

/** How the inputs that are kept were made of each other: nothing where nobody has noted it. */
export function treePart(data: TreeData): Markup | false {
  const { origins, unit } = data
  const first = origins[0]
  if (!first) return false
  const family = familyOf(origins, DRAWN)
  const { hidden, shown } = family
  return markup`<section aria-labelledby="inputs"><h2 id="inputs">Inputs and what they were made of</h2>
${waysPart(data)}
<p class="dim">${hidden > 0 ? `Drawn are the ${number(shown)} inputs that brought most ${unit}s, and what they came from; ${number(hidden)} more are counted beside what they came from.` : `All ${count(shown, 'input')} that were kept.`} A dot is as large as what it brought.${family.roots.some(({ descendants }) => descendants === 0) && ' Of those that stand together below nothing came.'} Touch one for its octets.</p>
<div class="tree" tabindex="0" role="group" aria-label="Tree of inputs">${picture(family, data, Math.min(...origins.map(({ at }) => at)))}</div>
<output class="chosen" for="tree">No input is chosen.</output></section>`
}

/** How many inputs were made in each way, and how much that was new they brought. */
function waysPart({ origins, unit }: TreeData): Markup {
  const ways = Object.keys(ABOUT).flatMap(way => {
    const made = origins.filter(({ by }) => wayOf(by) === way)
    const names = [...new Set(made.map(({ by }) => by))].sort()
    const blocks = made.reduce((sum, each) => sum + each.blocks, 0)
    return made.length === 0 ? [] : [{ way, names, inputs: made.length, blocks }]
  })
  const most = Math.max(1, ...ways.map(({ inputs }) => inputs))
  return markup`<table class="ways"><thead><tr><th>made by</th><th class="n">inputs</th><th class="bars"></th><th class="n">new ${unit}s</th></tr></thead><tbody>${ways.map(
    ({
      way,
      names,
      inputs,
      blocks,
    }) => markup`<tr class="w-${way}"><th><i class="dot"></i>${names.join(', ')}<span class="dim means">${ABOUT[way]}</span></th>
<td class="n">${number(inputs)}</td><td class="bars"><svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width="${((100 * inputs) / most).toFixed(1)}" height="1"/></svg></td><td class="n">${number(blocks)}</td></tr>`,
  )}</tbody></table>`
}

function picture({ roots }: Family, data: TreeData, began: number): Markup {
  const { spots, height } = spotsOf(roots)
  const width = Math.max(...spots.map(({ x }) => x)) + 60
  const numbers = new Map(spots.map((spot, i) => [spot, i]))
  const edges = spots.flatMap(({ x, y, from }) => {
    const middle = from && from.x + STEP / 2
    return from && middle ? `M${from.x} ${from.y}C${middle} ${from.y} ${middle} ${y} ${x} ${y}` : []
  })
  return markup`<svg id="tree" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${spots.length} inputs"><path class="edges" d="${edges.join('')}"/>${spots.map(
    spot => dot(spot, numbers.get(spot) ?? 0, spot.from && numbers.get(spot.from), data, began),
  )}</svg>`
}

function dot(spot: Spot, place: number, from: number | undefined, data: TreeData, began: number): Markup {
  const { member, x, y } = spot
  const { origin, hidden, descendants } = member
  const octets = data.octetsOf(origin.name)
  const shown = octets === undefined ? 'set aside' : octetsOf(octets)
  const brought = `${count(origin.blocks, `new ${data.unit}`)}, by ${origin.by}, after ${duration(origin.at - began)}`
  const came = descendants === 0 ? 'nothing came of it' : `${count(descendants, 'input')} came of it`
  return markup`<g class="w-${wayOf(origin.by)}" data-n="${place}"${from !== undefined && markup` data-from="${from}"`} data-octets="${shown}" data-about="${brought}; ${came}"><circle cx="${x}" cy="${y}" r="${Math.min(9, 2.5 + 0.8 * Math.sqrt(origin.blocks)).toFixed(1)}"><title>${brought}: ${shown}</title></circle>${
    hidden > 0 && markup`<text x="${x + 12}" y="${y + 4}">+${number(hidden)}</text>`
  }</g>`
}

function octetsOf(octets: Uint8Array): string {
  const more = octets.length > SHOWN ? ` and ${number(octets.length - SHOWN)} more` : ''
  return octets.length === 0 ? 'no octets' : `${toHex(octets.subarray(0, SHOWN), ' ')}${more}`
}
