import { register } from 'node:module'
import { work } from '../fuzz/campaign/worker.ts'
import { instrumentCommonJs } from '../fuzz/instrument/commonjs.ts'
import { moduleNamed } from '../fuzz/targets/module.ts'
import { scopeOf } from './fuzz-scope.ts'

const HOOK = `../fuzz/campaign/esm-hook${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`

await work(async ({ target, allow }) => {
  // What watches code is there before the code.
  const scope = scopeOf(target)
  instrumentCommonJs(scope)
  register(HOOK, import.meta.url, { data: scope })
  // A module needs nothing of ours, and is there at once.
  if (target.startsWith('module:')) return moduleNamed(target, allow)
  const { targetNamed } = await import('./fuzz-targets.ts')
  return targetNamed(target, { allow })
})
