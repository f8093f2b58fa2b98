import { createRequire } from 'node:module'
import type { ClientRecipe } from './peer-recipe.ts'

/** What of ours its program imports, as it runs: from the sources, or from what was built of them. */
const built = import.meta.url.endsWith('.js')
const own = (path: string): string => new URL(`../../src/${path}.${built ? 'js' : 'ts'}`, import.meta.url).href

/** What lets Node run TypeScript. */
function loader(): string {
  return built ? '' : `--import '${createRequire(import.meta.url).resolve('tsx')}' `
}

/** Our own resolver, on real sockets. */
export const ownResolver: ClientRecipe = {
  name: 'own-resolver',
  role: 'client',
  protocols: ['dns'],
  offers: ['dns'],
  program: () => process.execPath,
  version: () => process.versions.node,
  files: () => ({
    'resolver.mjs': `
const [, , host, host2, port, machines, sockets] = process.argv
const { Resolver } = await import(machines)
const { createResolver } = await import(sockets)
const resolver = createResolver({
  servers: [host + ':' + port, host2 + ':' + port],
  machine: given => new Resolver({ ...given, timeout: 1000 }),
})
const found = await resolver.resolve('www.example.test.', 1)
if (found.kind === 'answer') for (const { data } of found.records) console.log(data.address)
else {
  console.error(found.why)
  process.exitCode = 1
}
resolver.close()
`,
  }),
  run() {
    const modules = `${own('dns/resolver')} ${own('io/resolver')}`
    return `exec '{program}' ${loader()}'{folder}/resolver.mjs' {host} {host2} {port} ${modules}`
  },
}
