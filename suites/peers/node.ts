import type { ServerRecipe } from './peer-recipe.ts'
import { FILES, LARGE, PAGE } from './peer-recipe.ts'

/** Node's own server: node:http2, upon nghttp2. */
export const node: ServerRecipe = {
  name: 'node',
  role: 'server',
  protocols: ['http2'],
  offers: ['h2c', 'https'],
  program: () => process.execPath,
  version: () => process.versions.node,
  files: ({ folder, ports }) => ({
    'server.mjs': `
import { createSecureServer, createServer } from 'node:http2'
import { readFileSync } from 'node:fs'

const large = Buffer.alloc(${LARGE}, 'x')

function serve(request, response) {
  // A stream that is reset is an error to those who still use it, and no more.
  request.on('error', () => {})
  response.on('error', () => {})
  if (request.url === '/echo') {
    response.writeHead(200, { 'content-type': 'application/octet-stream' })
    request.pipe(response)
    return
  }
  request.resume()
  if (request.url === '/trailers') {
    response.writeHead(200, { 'content-type': 'text/plain', trailer: 'x-trailer' })
    response.addTrailers({ 'x-trailer': 'here' })
    response.end(${JSON.stringify(PAGE)})
    return
  }
  const content = { '/': ${JSON.stringify(PAGE)}, '/big.bin': large }[request.url]
  response.writeHead(content === undefined ? 404 : 200, { 'content-type': 'text/plain' })
  response.end(content)
}

const keys = { cert: readFileSync('${folder}/cert.pem'), key: readFileSync('${folder}/key.pem') }
createServer(serve).listen(${ports.h2c}, '127.0.0.1')
createSecureServer(keys, serve).listen(${ports.https}, '127.0.0.1')
`,
  }),
  args: ({ folder }) => [`${folder}/server.mjs`],
  resources: { ...FILES, echo: '/echo', trailers: '/trailers' },
}
