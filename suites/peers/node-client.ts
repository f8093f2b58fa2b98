import type { ClientRecipe } from './peer-recipe.ts'

/** Node's own client: node:http2, upon nghttp2. */
export const nodeClient: ClientRecipe = {
  name: 'node-client',
  role: 'client',
  protocols: ['http2'],
  offers: ['h2c', 'https'],
  program: () => process.execPath,
  version: () => process.versions.node,
  files: () => ({
    'client.mjs': `
import { connect } from 'node:http2'
import { readFileSync } from 'node:fs'

const [, , url, cert] = process.argv
const { origin, pathname } = new URL(url)
const session = connect(origin, cert ? { ca: readFileSync(cert) } : {})
function fail(error) {
  console.error(String(error))
  process.exitCode = 1
  session.destroy()
}
session.on('error', fail)
session.on('goaway', code => code !== 0 && fail('GOAWAY ' + code))
const request = session.request({ ':path': pathname })
let octets = 0
let status
request.on('response', fields => (status = fields[':status']))
request.on('data', chunk => (octets += chunk.length))
request.on('error', fail)
request.on('end', () => console.log(status, octets))
request.on('close', () => {
  if (status === undefined) process.exitCode = 1
  session.close()
})
request.end()
`,
  }),
  run: scheme => `exec '{program}' '{folder}/client.mjs' '{url}'${scheme === 'https' ? " '{cert}'" : ''}`,
}
