import { work } from '../../fuzz/campaign/worker.ts'
import { instrumentModules } from '../../fuzz/instrument/register.ts'
import { isLive } from '../../fuzz/targets/diff-name.ts'
import { moduleNamed } from '../../fuzz/targets/module.ts'
import { propertyNamed } from '../../fuzz/targets/property.ts'
import { isOwnProperty, scopeOf } from './scope.ts'

await work(async ({ target, allow, settings }) => {
  // What watches code is there before the code. Of a server it is not ours that is tried.
  if (!isLive(target)) instrumentModules(scopeOf(target))
  // A module needs nothing of ours, and is there at once.
  if (target.startsWith('module:')) return moduleNamed(target, allow)
  if (isOwnProperty(target)) return propertyNamed(target, allow)
  const { targetNamed } = await import('./targets.ts')
  return targetNamed(target, { allow, settings })
})
