import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the package: of the checkout, or of what was installed, where `dist` lies inside. */
export const packageRoot: string = rootAbove(dirname(fileURLToPath(import.meta.url)))

/** The version of wiregrade. */
export const version: string = (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as Package).version

interface Package {
  readonly name: string
  readonly version: string
}

function rootAbove(folder: string): string {
  for (let here = folder; ; here = dirname(here)) {
    try {
      const { name } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')) as Package
      if (name === 'wiregrade') return here
    } catch {
      // No package.json here: look further up.
    }
    if (dirname(here) === here) throw new Error('wiregrade is not installed as a package: package.json is missing')
  }
}
