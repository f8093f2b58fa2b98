import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { COVERAGE, Coverage } from '../instrument/coverage.ts'
import { instrument } from '../instrument/instrument.ts'
import { toJavaScript } from '../instrument/typescript.ts'
import { ACCEPTED, type FuzzSubject } from '../target.ts'

/** What a file of planted faults exports as `planted`, instrumented with a coverage of its own. */
export function loadPlanted<T>(name: string): { readonly coverage: Coverage; readonly planted: T } {
  const file = fileURLToPath(new URL(name, import.meta.url))
  const { code, original } = toJavaScript(readFileSync(file, 'utf8'), file)
  const coverage = new Coverage()
  const body = instrument(code, { file, type: 'module', original }).replace('export const planted', 'const planted')
  const planted = new Function('globalThis', `${body}\nreturn planted`)({ [COVERAGE]: coverage }) as T
  return { coverage, planted }
}

/** A subject of one function: `Planted` is a find, anything else thrown is an error of the fixture's. */
export function plantedSubject(run: (input: Uint8Array) => void): FuzzSubject {
  return {
    seeds: [],
    tokens: [],
    run(input) {
      try {
        run(input)
        return ACCEPTED
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'Planted') throw error
        return { kind: 'find', find: { kind: 'crash', title: error.message, signature: error.message } }
      }
    },
  }
}
