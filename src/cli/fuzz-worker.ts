import { work } from '../fuzz/campaign/worker.ts'
import { instrumentCommonJs } from '../fuzz/instrument/commonjs.ts'
import { moduleNamed } from '../fuzz/targets/module.ts'
import { scopeOf } from './fuzz-scope.ts'

await work(async ({ target, allow }) => {
  instrumentCommonJs(scopeOf(target))
  // A module needs nothing of ours, and is there at once.
  if (target.startsWith('module:')) return moduleNamed(target, allow)
  // Loaded when it is wanted, so that what watches code is there before the code.
  const { targetNamed } = await import('./fuzz-targets.ts')
  return targetNamed(target, { allow })
})
