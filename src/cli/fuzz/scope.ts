import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Scope } from '../../fuzz/instrument/scope.ts'
import { subjectsOf } from '../../fuzz/targets/diff-name.ts'

const SOURCE = fileURLToPath(new URL('../..', import.meta.url))

/** What drives a target is none of it. */
const HARNESS = ['fuzz', 'cli', 'io', 'conformance', 'report', 'differential', 'vectors', 'vector-file', 'catalog']
const TOOLS = ['fast-check', 'pure-rand', 'acorn', 'esbuild', 'tsx']

/** Which code is watched as a target runs: our protocols, or all that somebody's module brings with it. */
export function scopeOf(target: string): Scope {
  const harness = HARNESS.flatMap(name => [join(SOURCE, name), join(SOURCE, `${name}.ts`), join(SOURCE, `${name}.js`)])
  const exclude = [...harness, ...TOOLS.flatMap(folderOf)]
  const modules = subjectsOf(target).filter(name => name.startsWith('module:'))
  if (modules.length === 0) return { include: [SOURCE], exclude }
  return { include: ['/', ...modules.map(name => resolve(name.slice('module:'.length).replace(/#.*$/, '')))], exclude }
}

function folderOf(name: string): string[] {
  try {
    const path = createRequire(import.meta.url).resolve(name)
    const end = path.lastIndexOf(`/node_modules/${name}/`)
    return end < 0 ? [] : [path.slice(0, end + `/node_modules/${name}`.length)]
  } catch {
    return []
  }
}
