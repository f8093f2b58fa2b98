import type { ServerRecipe } from './peer-recipe.ts'
import { installed, ZONE, ZONE_FILE, zoneFile } from './peer-recipe.ts'

/** PowerDNS's resolver, which has the zone at hand and knows of nobody to ask. */
export const pdnsRecursor: ServerRecipe = {
  name: 'pdns-recursor',
  role: 'server',
  package: 'pdns-recursor',
  protocols: ['dns'],
  offers: ['dns'],
  program: installed('pdns_recursor'),
  version: { args: ['--version'], pattern: /PowerDNS Recursor (\S+)/ },
  files: ({ folder, ports }) => ({
    ...zoneFile(),
    'sock/': '',
    'recursor.conf': `
local-address=127.0.0.1
local-port=${ports.dns}
socket-dir=${folder}/sock
daemon=no
disable-syslog=yes
write-pid=no
threads=1
dnssec=off
security-poll-suffix=
export-etc-hosts=off
hint-file=no
auth-zones=example.test=${folder}/${ZONE_FILE}
allow-from=127.0.0.0/8
config-dir=${folder}
`,
  }),
  args: ({ folder }) => [`--config-dir=${folder}`],
  resources: ZONE,
}
