import { readFileSync } from 'node:fs'
import type { LoadHook } from 'node:module'
import { fileURLToPath } from 'node:url'
import { instrument } from '../instrument/instrument.ts'
import { isInScope, type Scope } from '../instrument/scope.ts'
import { toJavaScript } from '../instrument/typescript.ts'

let scope: Scope = { include: [] }

/** Called by `module.register`, in the thread of hooks. */
export function initialize(given: Scope): void {
  scope = given
}

/** ES modules in scope are instrumented as they are loaded, TypeScript among them. */
export const load: LoadHook = async (url, context, next) => {
  if (!url.startsWith('file:')) return next(url, context)
  const file = fileURLToPath(url.replace(/[?#].*$/, ''))
  const typed = /\.m?ts$/.test(file)
  if (!isInScope(file, scope) || (!typed && context.format !== 'module')) return next(url, context)
  const source = readFileSync(file, 'utf8')
  try {
    const made = typed ? toJavaScript(source, file) : undefined
    const code = instrument(made?.code ?? source, { file, type: 'module', original: made?.original })
    return { format: 'module', source: code, shortCircuit: true }
  } catch {
    // What does not parse is left for Node to complain of.
    return next(url, context)
  }
}
