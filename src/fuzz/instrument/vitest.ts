import { instrumented } from './instrument.ts'
import { isInScope, type Scope, withoutQuery } from './scope.ts'
import { linesOf, mapOf } from './source-map.ts'

/** What Vite calls, as much of it as is used here. */
export interface TransformPlugin {
  readonly name: string
  readonly enforce: 'post'
  transform(this: TransformContext, code: string, id: string): { code: string; map: string } | undefined
}

interface TransformContext {
  getCombinedSourcemap(): { readonly mappings: string }
}

/** A plugin for Vite and vitest that instruments what is in scope. Tests find the counts in `coverageHere()`. */
export function instrumentPlugin(scope: Scope): TransformPlugin {
  return {
    name: 'wiregrade-instrument',
    // Behind what takes types out.
    enforce: 'post',
    transform(code, id) {
      const file = withoutQuery(id)
      if (!isInScope(file, scope) || !/\.[cm]?[jt]sx?$/.test(file)) return undefined
      const { segments, original } = linesOf(JSON.stringify({ mappings: this.getCombinedSourcemap().mappings }))
      const edits = instrumented(code, { file, type: 'module', original })
      return { code: `${HERE}${edits.done()}`, map: mapOf(code, edits, segments, file) }
    },
  }
}

// A worker of vitest may run instrumented code before anything asked for its coverage.
const HERE = `import { coverageHere as __wgh } from ${JSON.stringify(new URL(import.meta.url.replace(/vitest\.([jt]s)$/, 'coverage.$1')).pathname)};__wgh();`
