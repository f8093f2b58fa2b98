import { readFile } from 'node:fs/promises'
import type { InitializeHook, LoadHook } from 'node:module'
import { fileURLToPath } from 'node:url'
import { InstrumentedCache } from './cache.ts'
import { isInScope, type Scope, withoutQuery } from './scope.ts'
import { instrumentSource, isTypeScript } from './source.ts'

// Node runs this in a thread of its own, and asks it for the source of every module that is imported.

let scope: Scope = { include: [] }
const cache = new InstrumentedCache()

export const initialize: InitializeHook<Scope> = given => {
  scope = given
}

export const load: LoadHook = async (url, context, nextLoad) => {
  if (!url.startsWith('file:')) return nextLoad(url, context)
  const file = fileURLToPath(withoutQuery(url))
  if (!isInScope(file, scope)) return nextLoad(url, context)
  // Our own way with TypeScript keeps the lines, which other loaders may not.
  if (isTypeScript(file) && !file.endsWith('.cts')) {
    return { format: 'module', source: cached(await readFile(file, 'utf8'), file), shortCircuit: true }
  }
  const loaded = await nextLoad(url, context)
  if (loaded.format !== 'module' || loaded.source === undefined || loaded.source === null) return loaded
  try {
    return { ...loaded, source: cached(String(Buffer.from(loaded.source as Buffer)), file) }
  } catch (error) {
    // What does not parse is for Node to complain of.
    if (error instanceof SyntaxError) return loaded
    throw error
  }
}

function cached(source: string, file: string): string {
  return cache.code(source, file, () => instrumentSource(source, file, 'module'))
}
