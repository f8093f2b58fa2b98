import type { ClientRecipe } from './peer-recipe.ts'
import { installed } from './peer-recipe.ts'

/** Knot's tool, with the extensions that it leaves out unless told. */
export const kdig: ClientRecipe = {
  name: 'kdig',
  role: 'client',
  package: 'knot-dnsutils',
  protocols: ['dns'],
  offers: ['dns', 'tls+dns'],
  program: installed('kdig'),
  version: { args: ['--version'], pattern: /version (\S+)/ },
  run: scheme => {
    const tls = scheme === 'tls+dns' ? '+tls ' : ''
    return `'{program}' @{host} -p {port} ${tls}+edns +cookie +retry=1 +time=1 www.example.test A`
  },
}
