import type { ClientRecipe } from './peer-recipe.ts'
import { installed } from './peer-recipe.ts'

export const curl: ClientRecipe = {
  name: 'curl',
  role: 'client',
  package: 'curl',
  protocols: ['http2'],
  offers: ['h2c', 'https'],
  program: installed('curl'),
  version: { args: ['--version'], pattern: /curl (\S+)/ },
  run: scheme =>
    scheme === 'h2c'
      ? "'{program}' -sS -m 30 --http2-prior-knowledge '{url}'"
      : "'{program}' -sS -m 30 --http2 --cacert '{cert}' '{url}'",
}
