import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageOf, type Scope } from '../../fuzz/instrument/scope.ts'
import { subjectsOf } from '../../fuzz/targets/diff-name.ts'
import { moduleOptions } from '../../fuzz/targets/module.ts'

const SOURCE = fileURLToPath(new URL('../..', import.meta.url))

/** What drives a target is none of it. */
const HARNESS = ['fuzz', 'cli', 'io', 'conformance', 'report', 'differential', 'vectors', 'vector-file', 'catalog']
const TOOLS = ['fast-check', 'pure-rand', 'acorn', 'esbuild', 'tsx']

/**
 * Packages that stand for modules of Node's own, which are not watched either, with what these bring; and what only logs.
 * They say nothing of an input, and have more blocks than many a decoder.
 */
const PLUMBING = [
  ...['readable-stream', 'string_decoder', 'safe-buffer', 'util-deprecate', 'process', 'process-nextick-args'],
  ...['buffer', 'base64-js', 'ieee754', 'inherits'],
  ...['events', 'abort-controller', 'event-target-shim', 'queue-microtask'],
  ...['debug', 'ms', 'supports-color', 'has-flag'],
]

/** Which code is watched as a target runs: our protocols, or all that somebody's module brings with it. */
export function scopeOf(target: string): Scope {
  const harness = HARNESS.flatMap(name => [join(SOURCE, name), join(SOURCE, `${name}.ts`), join(SOURCE, `${name}.js`)])
  const exclude = [...harness, ...TOOLS.flatMap(folderOf)]
  const files = subjectsOf(target).filter(name => name.startsWith('module:') || isOwnProperty(name))
  if (files.length === 0) return { include: [SOURCE], exclude }
  const own = files.map(name => moduleOptions(name).file)
  const packages = PLUMBING.filter(name => !own.some(file => file === name || packageOf(resolve(file)) === name))
  return { include: ['/', ...own.map(file => resolve(file))], exclude, packages }
}

/** Whether a target is a property of the user's, and not of one of our codecs. */
export function isOwnProperty(target: string): boolean {
  return target.startsWith('property:') && target.includes('#')
}

/** Where a tool lies: ours, and what the user's code finds by that name. */
function folderOf(name: string): string[] {
  return [import.meta.url, resolve('package.json')].flatMap(from => {
    try {
      const path = createRequire(from).resolve(name)
      const end = path.lastIndexOf(`/node_modules/${name}/`)
      return end < 0 ? [] : [path.slice(0, end + `/node_modules/${name}`.length)]
    } catch {
      return []
    }
  })
}
