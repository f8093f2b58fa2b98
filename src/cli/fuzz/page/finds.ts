import { relative } from 'node:path'
import { type KeptFind, stands } from '../../../fuzz/campaign/folder.ts'
import { placeOf, similarGroups } from '../../../fuzz/similar.ts'
import { type Markup, markup } from '../../../report/markup.ts'
import { toHex } from '../../../wire/hex.ts'
import { stability } from '../find-lines.ts'

const KINDS = { crash: 'Crash', law: 'Law', hang: 'Hang', slow: 'Slow', memory: 'Memory', disagreement: 'Disagreement' }

/** An input in lines, where it is not only octets. */
export type Describe = (input: Uint8Array) => readonly string[] | undefined

/** Octets of an input that are shown. */
const SHOWN = 1024

/** Each find with the smallest input, how to have it again, and where it came from; those that stand first, similar ones under the first of them. */
export function findsPart(finds: readonly KeptFind[], describe?: Describe): Markup {
  const standing = finds.filter(stands)
  const others = finds.filter(find => !stands(find))
  return markup`<section aria-labelledby="finds"><h2 id="finds">Finds ${standing.length > 0 && markup`<span class="count">${standing.length}</span>`}</h2>
${standing.length === 0 && markup`<p class="dim">Nothing was found${others.length > 0 && ' that came again'}.</p>`}${similarGroups([...standing, ...others]).map(group => groupPart(group, describe))}</section>`
}

function groupPart([first, ...others]: readonly [KeptFind, ...KeptFind[]], describe: Describe | undefined): Markup {
  if (others.length === 0) return findPart(first, describe)
  const parts = others.map(find => findPart(find, describe))
  return markup`${findPart(first, describe)}<details class="like"><summary>${others.length} like it</summary>${parts}</details>`
}

function findPart(kept: KeptFind, describe: Describe | undefined): Markup {
  const { id, kind, title, stack, replay, input, minimal = input, path, found, ...find } = kept
  const place = placeOf({ stack })
  const told = describe?.(minimal)
  const said = replay?.said ?? find.said
  const smaller = minimal.length < input.length ? ` (found with ${input.length})` : ''
  return markup`<article class="found${!stands(kept) && ' fleeting'}" id="find-${id}"><h3>${KINDS[kind]}: ${title}</h3>
${place !== undefined && markup`<p class="place">at ${place.name} (${place.file}:${place.line})</p>`}
<p class="dim">${minimal.length} octets${smaller}; ${stability(kept)}; <time datetime="${found}">${found.slice(0, 16).replace('T', ' ')} UTC</time></p>
<pre class="command">wiregrade fuzz replay ${relative('', path)}</pre>
${told !== undefined && markup`<pre class="octets">${lines(told.join('\n'))}</pre>`}
<pre class="octets">${toHex(minimal.subarray(0, SHOWN), ' ')}${minimal.length > SHOWN && ` and ${minimal.length - SHOWN} more`}</pre>
${said !== undefined && markup`<pre>${lines(said.join('\n'))}</pre>`}
${stack !== undefined && markup`<details><summary>Stack</summary><pre>${lines(stack)}</pre></details>`}</article>`
}

/** Line ends are kept, each line is text. */
function lines(stack: string): Markup[] {
  return stack.split('\n').map((line, i) => (i === 0 ? markup`${line}` : markup`\n${line}`))
}
