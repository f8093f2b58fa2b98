import type { ServerRecipe } from './peer-recipe.ts'
import { installed, ZONE, ZONE_FILE, zoneFile } from './peer-recipe.ts'

/** Knot DNS, by CZ.NIC. Debian's has no TLS. */
export const knot: ServerRecipe = {
  name: 'knot',
  role: 'server',
  package: 'knot',
  protocols: ['dns'],
  offers: ['dns'],
  program: installed('knotd'),
  version: { args: ['--version'], pattern: /version (\S+)/ },
  files: ({ folder, ports }) => ({
    ...zoneFile(),
    'db/': '',
    'knot.conf': `
server:
    rundir: "${folder}"
    pidfile: "${folder}/knot.pid"
    listen: 127.0.0.1@${ports.dns}
control:
    listen: "${folder}/knot.sock"
database:
    storage: "${folder}/db"
log:
  - target: stderr
    any: info
acl:
  - id: transfer
    address: [127.0.0.1, ::1]
    action: transfer
zone:
  - domain: example.test
    storage: "${folder}"
    file: "${ZONE_FILE}"
    acl: transfer
    zonefile-sync: -1
    journal-content: none
`,
  }),
  args: ({ folder }) => ['-c', `${folder}/knot.conf`],
  ready: [{ log: /loaded, serial/ }],
  resources: ZONE,
}
