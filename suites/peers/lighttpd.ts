import type { ServerRecipe } from './peer-recipe.ts'
import { FILES, installed } from './peer-recipe.ts'

export const lighttpd: ServerRecipe = {
  name: 'lighttpd',
  role: 'server',
  package: 'lighttpd',
  protocols: ['http2'],
  offers: ['h2c', 'https'],
  program: installed('lighttpd'),
  version: { args: ['-v'], pattern: /lighttpd\/(\S+)/ },
  files: ({ folder, ports }) => ({
    'tmp/': '',
    'lighttpd.conf': `
server.modules = ( "mod_openssl" )
server.document-root = "${folder}/www"
server.bind = "127.0.0.1"
server.port = ${ports.h2c}
server.upload-dirs = ( "${folder}/tmp" )
index-file.names = ( "index.html" )
server.feature-flags = ( "server.h2proto" => "enable", "server.h2c" => "enable" )
$SERVER["socket"] == "127.0.0.1:${ports.https}" {
  ssl.engine = "enable"
  ssl.pemfile = "${folder}/cert.pem"
  ssl.privkey = "${folder}/key.pem"
}
`,
  }),
  args: ({ folder }) => ['-D', '-f', `${folder}/lighttpd.conf`],
  ready: [{ log: /server started/ }],
  resources: FILES,
}
