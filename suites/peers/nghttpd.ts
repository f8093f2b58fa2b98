import type { ServerRecipe } from './peer-recipe.ts'
import { FILES, installed } from './peer-recipe.ts'

/** The server of the nghttp2 project, whose library many others are built on. */
export const nghttpd: ServerRecipe = {
  name: 'nghttpd',
  role: 'server',
  package: 'nghttp2-server',
  protocols: ['http2'],
  offers: ['h2c', 'https'],
  program: installed('nghttpd'),
  version: { args: ['--version'], pattern: /nghttp2\/(\S+)/ },
  // One process has one port.
  listens: ({ scheme }) => [scheme],
  args({ folder, ports, scheme }) {
    const common = ['-a', '127.0.0.1', '-d', `${folder}/www`, '--echo-upload']
    if (scheme === 'h2c') return [...common, '--no-tls', String(ports.h2c)]
    return [...common, String(ports.https), `${folder}/key.pem`, `${folder}/cert.pem`]
  },
  resources: { ...FILES, echo: '/echo' },
}
