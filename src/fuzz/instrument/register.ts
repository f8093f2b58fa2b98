import { register } from 'node:module'
import { instrumentCommonJs } from './commonjs.ts'
import { type Coverage, coverageHere } from './coverage.ts'
import type { Scope } from './scope.ts'

/**
 * Instruments modules of this thread that are loaded from now on, ESM and CommonJS, JavaScript and TypeScript, and returns
 * their coverage. What was loaded before stays as it is.
 */
export function instrumentModules(scope: Scope): Coverage {
  instrumentCommonJs(scope)
  const hooks = import.meta.url.endsWith('.ts') ? './hooks.ts' : './hooks.js'
  register(hooks, import.meta.url, { data: scope })
  // Stacks of TypeScript name its own lines.
  process.setSourceMapsEnabled(true)
  return coverageHere()
}
