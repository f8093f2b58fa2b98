import type { ClientRecipe } from './peer-recipe.ts'
import { installed } from './peer-recipe.ts'

/** BIND's tool: here it is to refuse what it cannot read, and not to show what is left of that. */
export const dig: ClientRecipe = {
  name: 'dig',
  role: 'client',
  package: 'bind9-dnsutils',
  protocols: ['dns'],
  offers: ['dns'],
  program: installed('dig'),
  version: { args: ['-v'], pattern: /DiG (\S+)/ },
  run: () => "'{program}' @{host} -p {port} +tries=2 +time=1 +nobesteffort www.example.test A",
}
