import type { ClientRecipe } from './peer-recipe.ts'
import { installed } from './peer-recipe.ts'

/** The client of the nghttp2 project. Its exit status is 0 whatever happens. */
export const nghttp: ClientRecipe = {
  name: 'nghttp',
  role: 'client',
  package: 'nghttp2-client',
  protocols: ['http2'],
  offers: ['h2c', 'https'],
  program: installed('nghttp'),
  version: { args: ['--version'], pattern: /nghttp2\/(\S+)/ },
  run: () => "'{program}' -n -v -t 30 '{url}'",
}
