import type { ServerRecipe } from './peer-recipe.ts'
import { FILES, installed } from './peer-recipe.ts'

export const h2o: ServerRecipe = {
  name: 'h2o',
  role: 'server',
  package: 'h2o',
  protocols: ['http2'],
  offers: ['h2c', 'https'],
  program: installed('h2o'),
  version: { args: ['-v'], pattern: /h2o version (\S+)/ },
  files: ({ folder, ports }) => ({
    'tmp/': '',
    // An interval of 0 keeps it from running a program that asks for OCSP responses.
    'h2o.conf': `
num-threads: 1
temp-buffer-path: ${folder}/tmp
error-log: ${folder}/error.log
listen:
  host: 127.0.0.1
  port: ${ports.h2c}
listen:
  host: 127.0.0.1
  port: ${ports.https}
  ssl:
    certificate-file: ${folder}/cert.pem
    key-file: ${folder}/key.pem
    minimum-version: TLSv1.2
    ocsp-update-interval: 0
ssl-session-resumption:
  mode: off
hosts:
  "default":
    paths:
      "/":
        file.dir: ${folder}/www
`,
  }),
  args: ({ folder }) => ['-m', 'worker', '-c', `${folder}/h2o.conf`],
  resources: FILES,
}
