import { createRequire } from 'node:module'
import { join } from 'node:path'

const fromHere = createRequire(import.meta.url)
const fromThere = createRequire(join(process.cwd(), 'package.json'))

/** A package of this project's, or one that is installed where the command runs. */
export function installed(name) {
  for (const require of [fromThere, fromHere]) {
    try {
      return require(name)
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND' || !error.message.includes(`'${name}'`)) throw error
    }
  }
  throw new Error(`${name} is not installed here: npm install --no-save ${name}`)
}
