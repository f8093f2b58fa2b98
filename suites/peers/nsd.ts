import type { ServerRecipe } from './peer-recipe.ts'
import { installed, ZONE, ZONE_FILE, zoneFile } from './peer-recipe.ts'

/** NLnet Labs' authority. */
export const nsd: ServerRecipe = {
  name: 'nsd',
  role: 'server',
  package: 'nsd',
  protocols: ['dns'],
  offers: ['dns', 'tls+dns'],
  program: installed('nsd'),
  version: { args: ['-v'], pattern: /NSD version (\S+)/ },
  files: ({ folder, ports }) => ({
    ...zoneFile(),
    // With a user it wants to change groups, which only root may; by its rate limit it would not answer all of us.
    'nsd.conf': `
server:
    ip-address: 127.0.0.1@${ports.dns}
    ip-address: 127.0.0.1@${ports['tls+dns']}
    tls-port: ${ports['tls+dns']}
    tls-service-key: "${folder}/key.pem"
    tls-service-pem: "${folder}/cert.pem"
    server-count: 1
    tcp-count: 1000
    username: ""
    zonesdir: "${folder}"
    database: ""
    pidfile: ""
    xfrdfile: ""
    xfrdir: "${folder}"
    zonelistfile: "${folder}/zone.list"
    cookie-secret-file: "${folder}/cookie"
    verbosity: 1
    rrl-ratelimit: 0
remote-control:
    control-enable: no
zone:
    name: example.test
    zonefile: ${ZONE_FILE}
    provide-xfr: 127.0.0.1 NOKEY
    provide-xfr: ::1 NOKEY
`,
  }),
  args: ({ folder }) => ['-d', '-c', `${folder}/nsd.conf`],
  // Its ports accept before it has found out that it cannot start.
  ready: [{ log: /nsd started/ }],
  resources: ZONE,
  // It answers 100 errors in a second; some are always on their way.
  mostErrors: 90,
  // What answers is started anew by what started it.
  crash: { pattern: /server \d+ died unexpectedly/ },
}
