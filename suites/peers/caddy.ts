import type { ServerRecipe } from './peer-recipe.ts'
import { FILES, installed } from './peer-recipe.ts'

/** HTTP/2 by Go's own library. */
export const caddy: ServerRecipe = {
  name: 'caddy',
  role: 'server',
  package: 'caddy',
  protocols: ['http2'],
  offers: ['h2c', 'https'],
  program: installed('caddy'),
  version: { args: ['version'], pattern: /v?(\d+\.\d+\S*)/ },
  files: ({ folder, ports }) => ({
    // `servers` must name the whole address, or h2c stays off without a word.
    Caddyfile: `
{
	admin off
	auto_https off
	storage file_system ${folder}/caddy
	ocsp_stapling off
	servers 127.0.0.1:${ports.h2c} {
		protocols h1 h2c
	}
	servers 127.0.0.1:${ports.https} {
		protocols h1 h2
	}
}
http://:${ports.h2c} {
	bind 127.0.0.1
	root * ${folder}/www
	file_server
}
https://:${ports.https} {
	bind 127.0.0.1
	tls ${folder}/cert.pem ${folder}/key.pem
	root * ${folder}/www
	file_server
}
`,
  }),
  args: ({ folder }) => ['run', '--adapter', 'caddyfile', '--config', `${folder}/Caddyfile`],
  env: ({ folder }) => ({ XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }),
  ready: [{ log: /serving initial configuration/ }],
  resources: FILES,
}
