import type { ServerRecipe } from './peer-recipe.ts'
import { installed, ZONE, ZONE_FILE, zoneFile } from './peer-recipe.ts'

/** PowerDNS's authority, with the backend that reads master files. */
export const pdns: ServerRecipe = {
  name: 'pdns',
  role: 'server',
  package: 'pdns-server',
  protocols: ['dns'],
  offers: ['dns'],
  program: installed('pdns_server'),
  version: { args: ['--version'], pattern: /PowerDNS Authoritative Server (\S+)/ },
  files: ({ folder, ports }) => ({
    ...zoneFile(),
    'sock/': '',
    'bind.conf': `zone "example.test" { type master; file "${folder}/${ZONE_FILE}"; };\n`,
    // DNAME is off unless said; and 20 connections at a time are fewer than cases run side by side may hold.
    'pdns.conf': `
launch=bind
bind-config=${folder}/bind.conf
local-address=127.0.0.1
local-port=${ports.dns}
socket-dir=${folder}/sock
daemon=no
guardian=no
disable-syslog=yes
write-pid=no
receiver-threads=1
distributor-threads=1
security-poll-suffix=
version-string=anonymous
max-tcp-connections=1000
dname-processing=yes
disable-axfr=no
allow-axfr-ips=127.0.0.1,::1
zone-cache-refresh-interval=0
loglevel=4
`,
  }),
  args: ({ folder }) => [`--config-dir=${folder}`],
  ready: [{ log: /Done parsing domains/ }],
  resources: ZONE,
}
