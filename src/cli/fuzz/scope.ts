import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Scope } from '../../fuzz/instrument/scope.ts'
import { subjectsOf } from '../../fuzz/targets/diff-name.ts'
import { moduleOptions } from '../../fuzz/targets/module.ts'

const SOURCE = fileURLToPath(new URL('../..', import.meta.url))

/** What drives a target is none of it. */
const HARNESS = ['fuzz', 'cli', 'io', 'conformance', 'report', 'differential', 'vectors', 'vector-file', 'catalog']
const TOOLS = ['fast-check', 'pure-rand', 'acorn', 'esbuild', 'tsx']

/** Which code is watched as a target runs: our protocols, or all that somebody's module brings with it. */
export function scopeOf(target: string): Scope {
  const harness = HARNESS.flatMap(name => [join(SOURCE, name), join(SOURCE, `${name}.ts`), join(SOURCE, `${name}.js`)])
  const exclude = [...harness, ...TOOLS.flatMap(folderOf)]
  const files = subjectsOf(target).filter(name => name.startsWith('module:') || isOwnProperty(name))
  if (files.length === 0) return { include: [SOURCE], exclude }
  return { include: ['/', ...files.map(name => resolve(moduleOptions(name).file))], exclude }
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
