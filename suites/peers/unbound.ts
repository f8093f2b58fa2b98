import type { ServerRecipe } from './peer-recipe.ts'
import { installed, ZONE, ZONE_FILE, zoneFile } from './peer-recipe.ts'

/** NLnet Labs' resolver, which has the zone at hand and asks nobody. */
export const unbound: ServerRecipe = {
  name: 'unbound',
  role: 'server',
  package: 'unbound',
  protocols: ['dns'],
  offers: ['dns', 'tls+dns', 'https+dns'],
  program: installed('unbound'),
  version: { args: ['-V'], pattern: /Version (\S+)/ },
  files: ({ folder, ports }) => ({
    ...zoneFile(),
    // Whatever is not in the zone is refused, or it would ask the world. `test.` is empty to it unless told otherwise.
    'unbound.conf': `
server:
    directory: "${folder}"
    chroot: ""
    username: ""
    pidfile: ""
    use-syslog: no
    logfile: ""
    verbosity: 1
    num-threads: 1
    incoming-num-tcp: 1000
    interface: 127.0.0.1@${ports.dns}
    interface: 127.0.0.1@${ports['tls+dns']}
    interface: 127.0.0.1@${ports['https+dns']}
    tls-port: ${ports['tls+dns']}
    https-port: ${ports['https+dns']}
    tls-service-key: "${folder}/key.pem"
    tls-service-pem: "${folder}/cert.pem"
    do-not-query-localhost: no
    access-control: 127.0.0.0/8 allow
    trust-anchor-file: ""
    module-config: "iterator"
    local-zone: "." refuse
    local-zone: "test." nodefault
    local-zone: "example.test." transparent
remote-control:
    control-enable: no
auth-zone:
    name: "example.test."
    zonefile: "${folder}/${ZONE_FILE}"
    for-downstream: yes
    for-upstream: yes
    fallback-enabled: no
`,
  }),
  args: ({ folder }) => ['-d', '-c', `${folder}/unbound.conf`],
  ready: [{ log: /start of service/ }],
  resources: ZONE,
  // It answers 100 errors in a second; some are always on their way.
  mostErrors: 90,
}
