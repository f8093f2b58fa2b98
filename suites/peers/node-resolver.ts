import type { ClientRecipe } from './peer-recipe.ts'

/** Node's own resolver: node:dns, upon c-ares, which waits up to twice as long as it is told. */
export const nodeResolver: ClientRecipe = {
  name: 'node-resolver',
  role: 'client',
  protocols: ['dns'],
  offers: ['dns'],
  program: () => process.execPath,
  version: () => process.versions.node,
  files: () => ({
    'resolver.mjs': `
import { Resolver } from 'node:dns'

const [, , host, host2, port] = process.argv
const resolver = new Resolver({ timeout: 500, tries: 2 })
resolver.setServers([host + ':' + port, host2 + ':' + port])
resolver.resolve4('www.example.test', (error, addresses) => {
  if (error) {
    console.error(error.code)
    process.exitCode = 1
  } else for (const address of addresses) console.log(address)
})
`,
  }),
  run: () => "exec '{program}' '{folder}/resolver.mjs' {host} {host2} {port}",
}
