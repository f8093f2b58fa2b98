import { instrumented } from './instrument.ts'
import { mapOf } from './source-map.ts'
import { toJavaScript } from './typescript.ts'

/** Whether a file is TypeScript, by its name. */
export function isTypeScript(file: string): boolean {
  return /\.[cm]?tsx?$/.test(file)
}

/** Instrumented JavaScript of a source in either language, with its map in a comment where its lines have moved. */
export function instrumentSource(source: string, file: string, type: 'module' | 'commonjs'): string {
  if (!isTypeScript(file)) return instrumented(source, { file, type }).done()
  const { code, segments, original } = toJavaScript(source, file)
  const edits = instrumented(code, { file, type, original })
  const map = Buffer.from(mapOf(code, edits, segments, file)).toString('base64')
  return `${edits.done()}\n//# sourceMappingURL=data:application/json;base64,${map}`
}
