import Module from 'node:module'
import { coverageHere } from './coverage.ts'
import { instrument } from './instrument.ts'
import { isInScope, type Scope } from './scope.ts'

/** What Node compiles every CommonJS module with. It is not documented, and has stood there since the beginning. */
interface Compiler {
  _compile(this: unknown, code: string, file: string, ...more: unknown[]): unknown
}

/** Instruments CommonJS modules of this thread that are loaded from now on. Returns how to stop that. */
export function instrumentCommonJs(scope: Scope): () => void {
  coverageHere()
  const { prototype } = Module as unknown as { prototype: Compiler }
  const compile = prototype._compile
  prototype._compile = function (code, file, ...more) {
    return compile.call(this, isInScope(file, scope) ? instrumentOrLeave(code, file) : code, file, ...more)
  }
  return () => {
    prototype._compile = compile
  }
}

/** Code that does not parse is left for Node to complain of. */
function instrumentOrLeave(code: string, file: string): string {
  try {
    return instrument(code, { file, type: 'commonjs' })
  } catch (error) {
    if (error instanceof SyntaxError) return code
    throw error
  }
}
