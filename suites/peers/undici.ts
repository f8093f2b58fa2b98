import { createRequire } from 'node:module'
import type { ClientRecipe } from './peer-recipe.ts'

const { resolve } = createRequire(import.meta.url)

function found(file: string): string | undefined {
  try {
    return resolve(file)
  } catch {
    return undefined
  }
}

/** The client behind Node's fetch, which speaks HTTP/2 when asked to, over TLS. */
export const undici: ClientRecipe = {
  name: 'undici',
  role: 'client',
  protocols: ['http2'],
  offers: ['https'],
  // A package beside ours, where there is one.
  program: () => (found('undici') === undefined ? undefined : process.execPath),
  version() {
    const manifest = found('undici/package.json')
    if (manifest === undefined) return undefined
    return (createRequire(import.meta.url)(manifest) as { readonly version: string }).version
  },
  files: () => ({
    'client.cjs': `
const { Client } = require(${JSON.stringify(found('undici') ?? 'undici')})
const { readFileSync } = require('node:fs')

const [, , url, cert] = process.argv
const { origin, pathname } = new URL(url)
const client = new Client(origin, { allowH2: true, connect: { ca: readFileSync(cert) } })
async function main() {
  const { statusCode, body } = await client.request({ path: pathname, method: 'GET' })
  let octets = 0
  for await (const chunk of body) octets += chunk.length
  console.log(statusCode, octets)
  await client.close()
}
main().catch(error => {
  console.error(String(error))
  process.exitCode = 1
  return client.destroy()
})
`,
  }),
  run: () => "exec '{program}' '{folder}/client.cjs' '{url}' '{cert}'",
}
