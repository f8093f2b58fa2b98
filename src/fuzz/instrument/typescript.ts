import { transformSync } from 'esbuild'
import { type Lines, linesOf } from './source-map.ts'

/** JavaScript made of TypeScript, and where its places were written. */
export interface Transformed extends Lines {
  readonly code: string
}

/** Takes the types out of a source. Lines move; `original` says where they were. Throws where it does not parse. */
export function toJavaScript(source: string, file: string): Transformed {
  const { code, map } = transformSync(source, {
    loader: /x$/.test(file) ? 'tsx' : 'ts',
    sourcefile: file,
    sourcemap: 'external',
    sourcesContent: false,
    target: 'node20',
    keepNames: false,
    tsconfigRaw: '{"compilerOptions":{"verbatimModuleSyntax":true}}',
  })
  return { code, ...linesOf(map) }
}
